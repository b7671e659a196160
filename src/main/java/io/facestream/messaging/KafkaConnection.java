package io.facestream.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;

/**
 * How to reach the brokers: every {@code kafka.*} property (bootstrap servers, TLS, SASL). Clients made here send and
 * receive bytes; settings of the caller override those of the connection.
 */
public record KafkaConnection(Map<String, Object> properties) {
    private static final String PREFIX = "kafka.";

    /** Large enough for the largest record of any topic. */
    private static final int MAX_REQUEST_BYTES = Topic.REJECTED_RECORDS.maxMessageBytes();

    public KafkaConnection {
        properties = Map.copyOf(properties);
    }

    /** The {@code kafka.*} properties of the configuration. */
    public static KafkaConnection from(Config config) {
        Map<String, Object> properties = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                config.getOptionalValue(name, String.class)
                        .ifPresent(value -> properties.put(name.substring(PREFIX.length()), value));
            }
        }
        return new KafkaConnection(properties);
    }

    /** A connection to brokers without TLS and login, such as the embedded one. */
    public static KafkaConnection to(String bootstrapServers) {
        return new KafkaConnection(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    public String bootstrapServers() {
        return String.valueOf(properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** Prints names only, because some values are passwords. */
    @Override
    public String toString() {
        return "KafkaConnection" + new TreeSet<>(properties.keySet());
    }

    public Admin admin() {
        return Admin.create(new HashMap<>(properties));
    }

    /** An admin client with that id, which appears in its own logs and in the broker's. */
    public Admin admin(String clientId) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return Admin.create(all);
    }

    public KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * MAX_REQUEST_BYTES);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.putAll(settings);
        return new KafkaProducer<>(all);
    }

    public KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.putAll(settings);
        return new KafkaConsumer<>(all);
    }
}
