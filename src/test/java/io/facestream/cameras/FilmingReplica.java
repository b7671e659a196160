package io.facestream.cameras;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A replica of the role as a process of its own, to be frozen and killed. */
final class FilmingReplica {
    private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");

    private FilmingReplica() {}

    static CameraSettings settings() {
        return new CameraSettings(
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(600),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
    }

    /** @param arguments the broker and this replica's name; a line of input hands over and ends it */
    public static void main(String[] arguments) throws Exception {
        KAFKA.setLevel(Level.SEVERE);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        SharedCameras shared = new SharedCameras(
                KafkaConnection.to(arguments[0]),
                new TestTopicsConfig(3, true),
                arguments[1],
                settings(),
                registry,
                new Fleet(arguments[1], 100, registry));
        Thread thread = new Thread(shared, "shared");
        thread.start();
        System.out.println("started");
        int read = System.in.read();
        if (read < 0) {
            Runtime.getRuntime().halt(0);
        }
        shared.stop();
        thread.join();
        System.out.println("handed over");
        Runtime.getRuntime().halt(0);
    }
}
