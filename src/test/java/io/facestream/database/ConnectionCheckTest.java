package io.facestream.database;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ConnectionCheckTest {
    @Test
    void moreLoopsThanThePoolHasConnectionsForAreRefusedInOneLine() {
        ConnectionCheck check = new ConnectionCheck(config(Map.of(
                "facestream.matching.enabled", "true",
                "facestream.matching.loops", "9",
                "quarkus.datasource.jdbc.max-size", "8")));

        assertThatIllegalStateException()
                .isThrownBy(check::check)
                .withMessage("facestream.matching.loops=9 needs up to 10 database connections, but"
                        + " quarkus.datasource.jdbc.max-size is 8: set it to 10 or more, or configure fewer loops");
    }

    @Test
    void theRolesOfAProcessShareItsPool() {
        Map<String, String> together = Map.of(
                "facestream.matching.enabled", "true",
                "facestream.matching.loops", "4",
                "facestream.enrolment.enabled", "true",
                "facestream.enrolment.loops", "4",
                "facestream.embedding.enabled", "true",
                "facestream.embedding.loops", "64",
                "quarkus.datasource.jdbc.max-size", "10");

        assertThatIllegalStateException()
                .isThrownBy(() -> new ConnectionCheck(config(together)).check())
                .withMessageStartingWith("facestream.matching.loops=4, facestream.embedding.loops=64,"
                        + " facestream.enrolment.loops=4 needs up to 11 database connections");
        Map<String, String> enough = new HashMap<>(together);
        enough.put("quarkus.datasource.jdbc.max-size", "11");
        assertThatCode(() -> new ConnectionCheck(config(enough)).check()).doesNotThrowAnyException();
    }

    @Test
    void everyRoleInOneProcessStartsAsItComes() throws IOException {
        Properties shipped = new Properties();
        try (InputStream file = ConnectionCheckTest.class.getResourceAsStream("/application.properties")) {
            shipped.load(file);
        }
        Map<String, String> settings = new HashMap<>();
        settings.put("quarkus.datasource.jdbc.max-size", shipped.getProperty("quarkus.datasource.jdbc.max-size"));
        for (String role :
                new String[] {"matching", "embedding", "sightings", "alerts", "enrolment", "curation", "training", "web"
                }) {
            settings.put("facestream." + role + ".enabled", "true");
        }

        assertThatCode(() -> new ConnectionCheck(config(settings)).check()).doesNotThrowAnyException();
    }

    /** Every role has one loop and is switched off, unless set otherwise. */
    private static SmallRyeConfig config(Map<String, String> set) {
        Map<String, String> all = new HashMap<>();
        for (String role : new String[] {"matching", "embedding", "enrolment", "curation", "training"}) {
            all.put("facestream." + role + ".enabled", "false");
            all.put("facestream." + role + ".loops", "1");
        }
        all.put("facestream.sightings.enabled", "false");
        all.put("facestream.sightings.threads", "1");
        all.put("facestream.alerts.enabled", "false");
        all.put("facestream.web.enabled", "false");
        all.putAll(set);
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
    }
}
