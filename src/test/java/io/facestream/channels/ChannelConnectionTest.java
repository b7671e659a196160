package io.facestream.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChannelConnectionTest {
    private static final String LOGIN =
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\"" + " password=\"0042\";";

    private final SmallRyeConfig config = new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(
                    Map.of(
                            "kafka.bootstrap.servers", "broker.example:9093",
                            "kafka.security.protocol", "SASL_SSL",
                            "kafka.sasl.jaas.config", LOGIN,
                            "kafka.ssl.keystore.password", "0042",
                            "kafka.ssl.key.password", "1e3",
                            "kafka.ssl.truststore.certificates", "  a PEM text\nof lines\n"),
                    "test",
                    100))
            .build();
    private final ChannelConnection connection = new ChannelConnection(config);

    @Test
    void aChannelsClientGetsEverySettingOfTheConnectionWordForWord() {
        Map<String, Object> client = connection.customize("any", config, Map.of("group.id", "of the channel"));

        assertThat(client)
                .containsEntry("bootstrap.servers", "broker.example:9093")
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.jaas.config", LOGIN)
                .containsEntry("ssl.keystore.password", "0042")
                .containsEntry("ssl.key.password", "1e3")
                .containsEntry("ssl.truststore.certificates", "  a PEM text\nof lines\n")
                .containsEntry("group.id", "of the channel");
    }

    @Test
    void whatIsSetForAChannelWinsAsItDoesForEveryClient() {
        assertThat(connection.customize("any", config, Map.of("security.protocol", "PLAINTEXT")))
                .containsEntry("security.protocol", "PLAINTEXT");
    }

    @Test
    void smallRyeItselfIsToldAddressesAndNoSecrets() {
        assertThat(connection.addresses()).isEqualTo(Map.of("bootstrap.servers", "broker.example:9093"));
    }
}
