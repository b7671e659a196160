package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How far back a real topic reaches whose beginning was removed. A partition for each case. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VectorLogReaderTest {
    @TempDir
    static Path folder;

    private static EmbeddedKafka broker;
    private static KafkaConnection connection;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedKafka.start(folder, 0);
        connection = KafkaConnection.to(broker.bootstrapServers());
        TopicAdmin.ensure(connection, new TestTopicsConfig(6, true), List.of(Topic.FACE_EMBEDDINGS));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void film(int partition, int frames) {
        FilmedCamera camera = new FilmedCamera("lobby", partition);
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = 0; i < frames; i++) {
                camera.film(Duration.ofMillis(200L * i), at(new Somebody("Ada", true), 300, 300))
                        .vectors()
                        .forEach(producer::send);
            }
        }
    }

    private static void deleteBefore(int partition, long offset) throws Exception {
        TopicPartition vectors = new TopicPartition(SightingsTopic.VECTORS, partition);
        try (Admin admin = connection.admin()) {
            admin.deleteRecords(Map.of(vectors, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    @Test
    void aTopicThatWasNeverWrittenToHoldsNothing() {
        assertThat(new VectorLogReader(connection).firstFrame(0)).isEmpty();
    }

    @Test
    void aWholeTopicBeginsWithItsFirstFrame() {
        film(1, 10);

        assertThat(new VectorLogReader(connection).firstFrame(1)).hasValue(0);
    }

    @Test
    void aTopicWhoseBeginningIsGoneBeginsWithTheFirstFrameOfWhichAnythingIsLeft() throws Exception {
        film(2, 10); // a face and a mark each

        deleteBefore(2, 14);
        assertThat(new VectorLogReader(connection).firstFrame(2)).hasValue(7);
        deleteBefore(2, 15); // the mark only
        assertThat(new VectorLogReader(connection).firstFrame(2)).hasValue(7);
    }

    @Test
    void aTopicOfWhichEverythingIsGoneHoldsNothing() throws Exception {
        film(3, 10);
        deleteBefore(3, 20);

        assertThat(new VectorLogReader(connection).firstFrame(3)).isEmpty();
    }

    @Test
    void recordsThatTellNoFrameAndTransactionsThatWereGivenUpArePassedOver() {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of("transactional.id", "given-up"))) {
            producer.initTransactions();
            producer.beginTransaction();
            new FilmedCamera("door", 4)
                    .film(Duration.ZERO, at(new Somebody("Bob", true), 300, 300))
                    .vectors()
                    .forEach(producer::send);
            producer.flush();
            producer.abortTransaction();
        }
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = 0; i < 300; i++) {
                producer.send(new ProducerRecord<>(SightingsTopic.VECTORS, 4, null, "{".getBytes(UTF_8)));
            }
        }
        assertThat(new VectorLogReader(connection).firstFrame(4)).isEmpty();
        film(4, 2);

        assertThat(new VectorLogReader(connection).firstFrame(4)).hasValue(0);
    }

    @Test
    void aTransactionThatIsStillOpenHoldsNothingYet() {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of("transactional.id", "open"))) {
            producer.initTransactions();
            producer.beginTransaction();
            new FilmedCamera("lobby", 5)
                    .film(Duration.ZERO, at(new Somebody("Ada", true), 300, 300))
                    .vectors()
                    .forEach(producer::send);
            producer.flush();
            assertThat(new VectorLogReader(connection).firstFrame(5)).isEmpty();
            producer.commitTransaction();
        }

        assertThat(new VectorLogReader(connection).firstFrame(5)).hasValue(0);
    }
}
