package io.facestream.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagesTest {
    private static Stages named(String instance) {
        return new Stages(
                KafkaConnection.to("127.0.0.1:1"),
                new TestTopicsConfig(1, true),
                instance,
                new SimpleMeterRegistry(),
                TestTracer.none());
    }

    @ParameterizedTest
    @ValueSource(strings = {"detector-2", "host_7.example.org", "A"})
    void aNameOfAReplicaIsTaken(String instance) {
        assertThat(named(instance).status()).isEmpty();
        assertThat(named("x".repeat(200)).status()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "front door", "a/b", "kühlhaus", "a\n"})
    void aNameThatKafkaOrAnOperatorWouldStumbleOverIsRefused(String instance) {
        assertThatThrownBy(() -> named(instance))
                .hasMessageContaining("\"" + instance + "\"")
                .hasMessageContaining("facestream.instance");
        assertThatThrownBy(() -> named("x".repeat(201))).hasMessageContaining("1 to 200");
    }
}
