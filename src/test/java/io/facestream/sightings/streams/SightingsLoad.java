package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * What the role costs: the CPU time of a replica, a process of its own, while it reads faces at a steady pace, and
 * while there are none. {@code SightingsLoad [CAMERAS [FACES]]}: 40 cameras with 5 faces each, at 5 frames/s, are 1,000
 * faces/s.
 */
final class SightingsLoad {
    private static final int PARTITIONS = 8;
    private static final int FRAMES_PER_SECOND = 5;
    private static final int WARM_UP_SECONDS = 120; // until the compiler has come to rest
    private static final int SECONDS = 60;

    private SightingsLoad() {}

    public static void main(String[] arguments) throws Exception {
        int cameras = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
        int faces = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path folder = Files.createTempDirectory("sightings-load");
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder, 0)) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            TopicAdmin.ensure(
                    connection,
                    new TestTopicsConfig(PARTITIONS, true),
                    List.of(Topic.FACE_EMBEDDINGS, Topic.IDENTITY_EVENTS, Topic.SIGHTINGS, Topic.REJECTED_RECORDS));
            Process replica = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SightingsReplica.class.getName(),
                            broker.bootstrapServers(),
                            "load")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
                BufferedReader said = replica.inputReader();
                while (!"started".equals(said.readLine())) {
                    // logs
                }
                List<FilmedCamera> all = new ArrayList<>();
                for (int i = 0; i < cameras; i++) {
                    all.add(new FilmedCamera("camera-" + i, i % PARTITIONS));
                }
                film(all, faces, 0, WARM_UP_SECONDS, producer);
                awaitEnd(connection);
                Duration before = cpu(replica);
                film(all, faces, WARM_UP_SECONDS, SECONDS, producer);
                awaitEnd(connection);
                int pace = cameras * faces * FRAMES_PER_SECOND;
                double seconds = cpu(replica).minus(before).toMillis() / 1e3;
                System.out.printf("%d faces/s: %.3f ms of CPU a face%n", pace, 1e3 * seconds / (pace * SECONDS));
                Thread.sleep(Duration.ofSeconds(SECONDS).toMillis());
                before = cpu(replica);
                Thread.sleep(Duration.ofSeconds(SECONDS).toMillis());
                seconds = cpu(replica).minus(before).toMillis() / 1e3;
                System.out.printf("idle: %.1f %% of a core%n", 100 * seconds / SECONDS);
            } finally {
                replica.destroyForcibly().waitFor();
            }
        }
    }

    private static void film(
            List<FilmedCamera> cameras, int faces, int from, int seconds, KafkaProducer<byte[], byte[]> producer)
            throws InterruptedException {
        long started = System.nanoTime();
        for (int frame = 0; frame < seconds * FRAMES_PER_SECOND; frame++) {
            Duration due = Duration.ofMillis(1_000L * frame / FRAMES_PER_SECOND);
            long wait = due.toNanos() - (System.nanoTime() - started);
            if (wait > 0) {
                Thread.sleep(wait / 1_000_000);
            }
            for (int camera = 0; camera < cameras.size(); camera++) {
                // somebody stays for a minute and is followed by somebody else
                Shown[] shown = new Shown[faces];
                for (int face = 0; face < faces; face++) {
                    int turn = (frame + from * FRAMES_PER_SECOND + face * 60) / 300;
                    Somebody who = new Somebody("P" + camera + "/" + face + "/" + turn, face % 2 == 0);
                    shown[face] = at(who, 120 + 200 * face, 300 + frame % 50);
                }
                Filmed filmed = cameras.get(camera).film(due.plusSeconds(from), shown);
                filmed.vectors().forEach(producer::send);
                filmed.events().forEach(producer::send);
            }
        }
        producer.flush();
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Until the replica has read everything. */
    private static void awaitEnd(KafkaConnection connection) throws Exception {
        try (Admin admin = connection.admin()) {
            while (lag(admin) > 0) {
                Thread.sleep(200);
            }
        }
    }

    private static long lag(Admin admin) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(SightingsStreams.APPLICATION)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            latest.put(new TopicPartition(Topic.FACE_EMBEDDINGS.topicName(), partition), OffsetSpec.latest());
            latest.put(new TopicPartition(Topic.IDENTITY_EVENTS.topicName(), partition), OffsetSpec.latest());
        }
        long lag = 0;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                admin.listOffsets(latest).all().get().entrySet()) {
            OffsetAndMetadata offset = read.get(end.getKey());
            lag += end.getValue().offset() - (offset == null ? 0 : offset.offset());
        }
        return lag;
    }
}
