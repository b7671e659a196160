package io.facestream.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaConnectionTest {
    @Test
    void itIsWrittenWithoutWhatItsSettingsAre() {
        KafkaConnection connection = new KafkaConnection(Map.of(
                "sasl.jaas.config", "ScramLoginModule required password=\"secret\";",
                "ssl.keystore.password", "secret",
                "bootstrap.servers", "broker.example:9093"));

        assertThat(connection)
                .hasToString("KafkaConnection[bootstrap.servers, sasl.jaas.config, ssl.keystore.password]");
    }
}
