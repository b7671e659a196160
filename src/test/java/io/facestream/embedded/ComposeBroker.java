package io.facestream.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/** The compose file's broker in this JVM, by the environment of its container, on free ports of 127.0.0.1. */
public final class ComposeBroker implements AutoCloseable {
    private static final List<String> PORTS = List.of("9092", "9093", "9094");

    /** Reports every partition's start at INFO; held, since a logger that nobody holds forgets its level. */
    private static final Logger CHATTER = Logger.getLogger("state.change.logger");

    private final KafkaRaftServer server;
    private final Map<String, String> places;

    private ComposeBroker(KafkaRaftServer server, Map<String, String> places) {
        this.server = server;
        this.places = places;
    }

    /** As the image makes them of its environment. */
    public static Map<String, String> settings(Map<String, String> environment) {
        Map<String, String> settings = new TreeMap<>();
        environment.forEach((name, value) -> settings.put(
                name.substring("KAFKA_".length()).toLowerCase(Locale.ROOT).replace('_', '.'), value));
        return settings;
    }

    /** @param folder what lies in the container's /var/lib/kafka/data */
    public static ComposeBroker start(Path folder, Map<String, String> environment) {
        CHATTER.setLevel(Level.WARNING);
        EmbeddedKafka.format(folder);
        List<Integer> free = FreePort.orGiven(List.of(0, 0, 0));
        Map<String, String> places = new TreeMap<>();
        for (int i = 0; i < free.size(); i++) {
            places.put("kafka:" + PORTS.get(i), "127.0.0.1:" + free.get(i));
            places.put("localhost:" + PORTS.get(i), "localhost:" + free.get(i));
            places.put("//:" + PORTS.get(i), "//127.0.0.1:" + free.get(i));
        }
        places.put("/var/lib/kafka/data", folder.toString());
        Properties settings = new Properties();
        settings(environment).forEach((name, value) -> {
            String here = value;
            for (Map.Entry<String, String> place : places.entrySet()) {
                here = here.replace(place.getKey(), place.getValue());
            }
            settings.put(name, here);
        });
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        server.startup();
        return new ComposeBroker(server, places);
    }

    /** Where this machine finds what the compose file calls so, such as {@code kafka:9092}. */
    public String here(String address) {
        return places.get(address);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
