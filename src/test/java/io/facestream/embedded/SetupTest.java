package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SetupTest {
    @Test
    void aSecondRunInstallsNothingAndSaysSoAtOnce() {
        Setup.run(System.out::println);
        assertThat(Setup.isComplete()).isTrue();

        var lines = new ArrayList<String>();
        Instant start = Instant.now();
        Setup.run(lines::add);

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(lines).singleElement().asString().startsWith("PostgreSQL with pgvector is there: ");
    }

    @Test
    void whatItInstallsIsFound() {
        Setup.run(System.out::println);

        PostgresBinaries newest = PostgresBinaries.find().orElseThrow();
        assertThat(newest.folder().resolve("initdb")).isExecutable();
        assertThat(PostgresBinaries.find(newest.major())).contains(newest);
        assertThat(PostgresBinaries.find(1)).isEmpty();
    }
}
