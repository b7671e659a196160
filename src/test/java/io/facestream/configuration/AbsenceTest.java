package io.facestream.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.facestream.cli.CommandRun;
import io.facestream.cli.topics.BrokerWait;
import io.facestream.embedded.EmbeddedHome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AbsenceTest {
    private static final String PEOPLE = "src/main/resources/demo/people";

    @BeforeEach
    void nothingRunsHere() {
        assumeTrue(EmbeddedHome.locate().endpoints().isEmpty(), "this clone's embedded default runs");
        assumeTrue(BrokerAddresses.areSilent("localhost:9092"), "a broker is at Kafka's usual port");
        assumeTrue(BrokerAddresses.areSilent("localhost:5432"), "a database is at PostgreSQL's usual port");
    }

    static Stream<List<String>> commandsThatNeedAService() {
        return Stream.of(
                List.of("enrol", PEOPLE),
                List.of("train", "--epochs", "1"),
                List.of("models", "list"),
                List.of("models", "show", "mobilefacenet-1"),
                List.of("models", "promote", "mobilefacenet-1"),
                List.of("migrate"),
                List.of("identify", PEOPLE + "/Grace_Hopper/us-navy.jpg"));
    }

    @ParameterizedTest
    @MethodSource("commandsThatNeedAService")
    void aCommandThatFindsNoServiceSaysSoAndHowToStartOne(List<String> command) {
        long begun = System.nanoTime();

        CommandRun run = CommandRun.of(command.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines().filter(line -> line.startsWith("facestream ")))
                .singleElement()
                .asString()
                .contains(": no service runs here: './facestream up --embedded' starts one")
                .contains(EmbeddedHome.locate().folder() + " (FACESTREAM_HOME names another folder)");
        assertThat((System.nanoTime() - begun) / 1e9).as("seconds").isLessThan(15);
    }

    @Test
    void whoWaitsForABrokerIsToldOnceWhatWouldStartOne() {
        List<String> told = new ArrayList<>();
        BrokerWait patience = new BrokerWait(told::add, new CountDownLatch(1));

        patience.silent("localhost:9092", "");
        patience.silent("localhost:9092", "");

        assertThat(told)
                .containsExactly(
                        "no broker answers at kafka.bootstrap.servers=localhost:9092: waiting for one",
                        Absence.noneRuns(EmbeddedHome.locate()));
    }

    @Test
    void whereAnAddressWasNamedThatIsWhatIsTold() {
        try (var ignored = new CommandRun.Properties(Map.of(
                "quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:1/facestream",
                "kafka.bootstrap.servers", "127.0.0.1:1"))) {
            CommandRun run = CommandRun.of("models", "list");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("quarkus.datasource.jdbc.url").doesNotContain("no service runs here");
        }
    }

    @Test
    void aFailureOfAnotherKindIsToldAsItIs() {
        CommandRun run = CommandRun.of("enrol", "no-such-folder");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("no-such-folder").doesNotContain("no service runs here");
    }
}
