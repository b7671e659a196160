package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.TestServices;
import io.facestream.gallery.TestGallery;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A role that cannot start says why in one line, and nothing else above INFO, and its process ends. */
class StartIT {
    private static final TestGallery GALLERY = TestGallery.of(StartIT.class);

    @TempDir
    private Path folder;

    @Test
    void onADatabaseThatLacksAMigration() throws Exception {
        GALLERY.migrateTo("7");

        assertRefused(
                Containers.environment(GALLERY.asProperties()),
                "matching",
                "facestream up: the service did not start: the database lacks " + TestGallery.migrationsFrom(8)
                        + " migrations of this build, from 8 (roles) on: run `facestream migrate`");
    }

    /** Kafka's client would warn of it once a second. */
    @Test
    void whereNoBrokerIs() throws Exception {
        String nobody = "127.0.0.1:" + TestServices.freePort();

        assertRefused(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", nobody),
                "detection",
                "facestream up: the service did not start: no broker answers at kafka.bootstrap.servers=" + nobody
                        + ": no answer within 30 s");
    }

    @Test
    void withASettingOutOfRangeForItsProfile() throws Exception {
        assertRefused(
                Map.of("_MATCHING_FACESTREAM_MATCHING_TARGET_FPIR", "7"),
                "matching",
                "facestream up: Configuration validation failed: facestream.matching.target-fpir"
                        + " must be above 0 and below 1");
    }

    private void assertRefused(Map<String, String> environment, String role, String line) throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(TestServices.freePort()));
        all.put("QUARKUS_HTTP_PORT", Integer.toString(TestServices.freePort()));
        try (Containers containers = new Containers(folder)) {
            Process process = containers.start(role, all, List.of("up", "--roles", role));

            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();

            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(containers.said(role).lines().filter(said -> !said.contains(" INFO ")))
                    .containsExactly(line);
        }
    }
}
