package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.frames.TestPictures;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Six cameras that send good pictures, slow ones and poison at a bounded rate, also while the broker is away. */
final class FaultRunFrames {
    private static final int CAMERAS = 6;
    private static final Duration BETWEEN_FRAMES = Duration.ofMillis(250);

    /** One of this many frames is of another kind than small, each kind in turn. */
    private static final int ONE_IN = 5;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<Kind, byte[]> pictures = new EnumMap<>(Kind.class);
    private final Map<RecordPointer, Kind> sent = new ConcurrentHashMap<>();
    private final AtomicInteger failed = new AtomicInteger();
    private final Thread thread = new Thread(this::play, "cameras");
    private volatile boolean playing = true;

    /** What a camera sends, and for which reasons it may be rejected; an empty set where it may not. */
    enum Kind {
        SMALL(Set.of()),
        SLOW(Set.of()),
        GARBAGE(Set.of("not-an-image")),
        TRUNCATED(Set.of("truncated", "undecodable")),
        BOMB(Set.of("too-many-pixels", "undecodable")),
        EMPTY(Set.of("empty")),
        NO_CAMERA(Set.of("no-camera"));

        private final Set<String> reasons;

        Kind(Set<String> reasons) {
            this.reasons = reasons;
        }
    }

    FaultRunFrames(KafkaConnection connection) {
        producer = connection.producer(Map.of(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                300_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                300_000L,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true));
        pictures.put(Kind.SMALL, small());
        pictures.put(Kind.SLOW, scaled(5_000));
        pictures.put(Kind.GARBAGE, "this is no picture".getBytes(UTF_8));
        pictures.put(Kind.TRUNCATED, TestPictures.half(small()));
        pictures.put(Kind.BOMB, TestPictures.pngThatAnnounces(60_000, 60_000));
        pictures.put(Kind.EMPTY, new byte[0]);
        pictures.put(Kind.NO_CAMERA, small());
    }

    /** A face in a small picture, as a camera of little resolution sends it. */
    static byte[] small() {
        return scaled(320);
    }

    private static byte[] scaled(int width) {
        BufferedImage photo = TestPictures.image(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));
        int height = width * photo.getHeight() / photo.getWidth();
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setColor(Color.BLACK);
        graphics.drawImage(photo, 0, 0, width, height, null);
        graphics.dispose();
        return TestPictures.encode(scaled, "jpg");
    }

    void start() {
        thread.start();
    }

    private void play() {
        Kind[] kinds = Kind.values();
        try {
            for (int i = 0; playing; i++) {
                Kind kind = i % ONE_IN == 0 ? kinds[i / ONE_IN % kinds.length] : Kind.SMALL;
                byte[] camera = kind == Kind.NO_CAMERA ? null : ("fault-" + i % CAMERAS).getBytes(UTF_8);
                producer.send(
                        new ProducerRecord<>(Topic.CAMERA_FRAMES.topicName(), camera, pictures.get(kind)),
                        (place, failure) -> {
                            if (failure == null) {
                                sent.put(new RecordPointer(place.topic(), place.partition(), place.offset()), kind);
                            } else {
                                failed.incrementAndGet();
                            }
                        });
                Thread.sleep(BETWEEN_FRAMES.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the cameras and waits until every frame is acknowledged, or known not to be. */
    void stop() throws InterruptedException {
        playing = false;
        thread.join();
        producer.close(Duration.ofMinutes(2));
    }

    String told() {
        return sent.size() + ", " + failed;
    }

    /** The frames that the broker has acknowledged, seen live. */
    Set<RecordPointer> sent() {
        return sent.keySet();
    }

    /** Whether each poison record, and no other, was rejected as it should be, unless it was deleted before. */
    boolean report(FaultRunCount counted, BiConsumer<String, Object> line) {
        Map<String, Integer> wrong = new TreeMap<>();
        sent.forEach((frame, kind) -> {
            String reason = counted.reason(frame);
            if (!counted.isSkipped(frame)
                    && (kind.reasons.isEmpty() ? reason != null : !kind.reasons.contains(reason))) {
                wrong.merge(kind + " rejected as " + reason, 1, Integer::sum);
            }
        });
        Map<Kind, Integer> ofKind = new EnumMap<>(Kind.class);
        sent.values().forEach(kind -> ofKind.merge(kind, 1, Integer::sum));
        line.accept("kinds of these frames", ofKind);
        line.accept("of them rejected wrongly or not rejected", wrong.isEmpty() ? 0 : wrong);
        return wrong.isEmpty();
    }
}
