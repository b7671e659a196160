package io.facestream.sightings.streams;

import io.facestream.messaging.KafkaConnection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** A replica of the role as a process of its own, to be killed. */
final class SightingsReplica {
    /** Of all replicas in this process. */
    private static final SimpleMeterRegistry METRICS = new SimpleMeterRegistry();

    private SightingsReplica() {}

    /** @param arguments the broker, and this replica's name; it ends in order when its input does */
    public static void main(String[] arguments) throws Exception {
        Logger kafka = Logger.getLogger("org.apache.kafka");
        kafka.setLevel(Level.WARNING);
        SightingsStreams streams = start(arguments[0], arguments[1]);
        while (!streams.hasBegun()) {
            Thread.sleep(50);
        }
        System.out.println("started");
        while (System.in.read() >= 0) {
            // until it ends
        }
        streams.close();
        Runtime.getRuntime().halt(0);
    }

    /** What replicas in this process have left out so far, by why. */
    static Map<String, Double> leftOut() {
        return METRICS.find("facestream.sightings.skipped.frames").counters().stream()
                .collect(Collectors.toMap(counter -> counter.getId().getTag("why"), Counter::count));
    }

    static SightingsStreams start(String broker, String instance) {
        SightingsStreams streams = new SightingsStreams(
                KafkaConnection.to(broker),
                new SightingsStreams.Settings(instance, 1, 50_000, true),
                DrivenTopology.RULES,
                new SightingsMetrics(METRICS));
        streams.start();
        return streams;
    }
}
