package io.facestream.faces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.faces.ChipTopic.Chip;
import io.facestream.faces.ChipTopic.Found;
import io.facestream.faces.ChipTopic.Missing;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chips on a real topic. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChipTopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2, 3};

    @TempDir
    Path folder;

    private EmbeddedKafka broker;
    private KafkaConnection connection;
    private ChipTopic chips;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedKafka.start(folder, 0);
        connection = KafkaConnection.to(broker.bootstrapServers());
        TopicAdmin.ensure(connection, new TestTopicsConfig(2, true), List.of(Topic.DETECTED_FACES));
        chips = new ChipTopic(connection, "facestream-test");
    }

    @AfterEach
    void stop() {
        chips.close();
        broker.close();
    }

    private long send(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            return producer.send(record).get().offset();
        }
    }

    private static ChipPlace wanted(String eventId, String topic, int partition, long offset) {
        return new ChipPlace("/cameras/lobby", eventId, new RecordPointer(topic, partition, offset));
    }

    private static ChipPlace wanted(String eventId, int partition, long offset) {
        return wanted(eventId, "detected-faces", partition, offset);
    }

    private Found read(ChipPlace shot) {
        return chips.read(List.of(shot), PATIENCE).get(shot);
    }

    @Test
    void chipsAreFoundByTheirPlacesInWhateverOrder() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = 0; i < 200; i++) {
                byte[] chip = Arrays.copyOf(PNG, 20_000);
                chip[100] = (byte) i;
                producer.send(TestChips.record(i % 2, "f#" + i, chip));
            }
        }
        List<ChipPlace> wanted =
                List.of(wanted("f#150", 0, 75), wanted("f#3", 1, 1), wanted("f#0", 0, 0), wanted("f#199", 1, 99));

        Map<ChipPlace, Found> found = chips.read(wanted, PATIENCE);

        assertThat(found).hasSize(4);
        wanted.forEach(shot -> assertThat(found.get(shot)).isInstanceOfSatisfying(Chip.class, chip -> {
            assertThat(chip.png()).hasSize(20_000);
            assertThat(shot.eventId()).isEqualTo("f#" + (chip.png()[100] & 0xff));
            assertThat(chip.appendedAt())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        }));
    }

    @Test
    void aChipThatIsPastRetentionIsGone() throws Exception {
        send(TestChips.record(0, "f#0", PNG));
        long kept = send(TestChips.record(0, "f#1", PNG));
        try (Admin admin = connection.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition("detected-faces", 0), RecordsToDelete.beforeOffset(kept)))
                    .all()
                    .get();
        }

        assertThat(read(wanted("f#0", 0, 0))).isEqualTo(Missing.GONE);
        assertThat(read(wanted("f#1", 0, kept))).isInstanceOf(Chip.class);
        assertThat(read(wanted("f#2", 0, 77))).as("beyond the end").isEqualTo(Missing.GONE);
        assertThat(read(wanted("f#2", 1, 0))).as("of an empty partition").isEqualTo(Missing.GONE);
    }

    /** As after the topic was deleted and made anew. */
    @Test
    void anotherFacesChipIsNeverTakenForTheOneThatIsMeant() throws Exception {
        long place = send(TestChips.record(0, "another#0", PNG));
        long mark = send(TestChips.record(0, "f#0", "io.facestream.frame-mark.v1", PNG));
        long plain = send(new ProducerRecord<>("detected-faces", 0, null, PNG));
        long none = send(new ProducerRecord<>("detected-faces", 0, null, null));

        for (long offset : new long[] {place, mark, plain, none}) {
            assertThat(read(wanted("f#0", 0, offset))).isEqualTo(Missing.GONE);
        }
    }

    @Test
    void whatIsNoPictureOrTooLargeOrNoPlaceIsUnreadable() throws Exception {
        long text = send(TestChips.record(0, "f#0", "no picture".getBytes(UTF_8)));
        long large = send(TestChips.record(0, "f#1", Arrays.copyOf(PNG, ChipTopic.MOST_BYTES + 1)));
        long largest = send(TestChips.record(0, "f#2", Arrays.copyOf(PNG, ChipTopic.MOST_BYTES)));

        assertThat(read(wanted("f#0", 0, text))).isEqualTo(Missing.UNREADABLE);
        assertThat(read(wanted("f#1", 0, large))).isEqualTo(Missing.UNREADABLE);
        assertThat(read(wanted("f#2", 0, largest))).isInstanceOf(Chip.class);
        assertThat(read(wanted("f#0", 9, 0))).isEqualTo(Missing.UNREADABLE);
        assertThat(read(wanted("f#0", "labelled-faces", 0, 0))).isEqualTo(Missing.UNREADABLE);
    }

    @Test
    void aRecordOfATransactionThatWasGivenUpIsGone() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of("transactional.id", "given-up"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(TestChips.record(0, "f#0", PNG)).get();
            producer.abortTransaction();
        }
        send(TestChips.record(0, "f#1", PNG));

        assertThat(read(wanted("f#0", 0, 0))).isEqualTo(Missing.GONE);
    }

    @Test
    void whereTheBrokerIsAwayItSaysSo() {
        broker.close();

        assertThatThrownBy(() -> read(wanted("f#0", 0, 0))).isInstanceOf(KafkaException.class);
    }

    @Test
    void whatTakesTooLongIsLeftForAnotherTime() throws Exception {
        send(TestChips.record(0, "f#0", PNG));

        assertThat(chips.read(List.of(wanted("f#0", 0, 0)), Duration.ZERO)).isEmpty();
    }
}
