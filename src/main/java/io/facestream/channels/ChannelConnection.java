package io.facestream.channels;

import io.facestream.messaging.KafkaConnection;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.eclipse.microprofile.config.Config;

/**
 * Channels reach the brokers as every other client does, by {@link KafkaConnection}. Its settings are given to the
 * clients here, word for word: on the way through SmallRye's own maps, a password such as {@code 0042} or {@code 1e3}
 * becomes a number, and then another text.
 */
@ApplicationScoped
class ChannelConnection implements ClientCustomizer<Map<String, Object>> {
    private final KafkaConnection connection;

    ChannelConnection(Config config) {
        this.connection = KafkaConnection.from(config);
    }

    @Override
    public Map<String, Object> customize(String channel, Config settings, Map<String, Object> client) {
        Map<String, Object> all = new HashMap<>(connection.properties());
        all.putAll(client);
        return all;
    }

    /** Takes the place of Quarkus's own map of everything. */
    @Produces
    @Singleton
    @Identifier("default-kafka-broker")
    Map<String, Object> addresses() {
        return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.bootstrapServers());
    }
}
