package io.facestream.messaging;

import static io.facestream.messaging.TestRecords.consumed;
import static io.facestream.messaging.TestRecords.header;
import static io.facestream.messaging.TestRecords.headers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.TestServices;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RejectedRecordsTest {
    private static final byte[] KEY = "entrance".getBytes(UTF_8);
    private static final byte[] VALUE = "abc".getBytes(UTF_8);

    /** Of "abc": FIPS 180-2, appendix B.1. */
    private static final String SHA256_OF_VALUE = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final RejectedException NOT_AN_IMAGE =
            new RejectedException(RejectReason.NOT_AN_IMAGE, "first bytes 61 62 63");

    @Test
    void keepsKeyValueAndHeadersAndAddsWhereItLayAndWhy() {
        Headers headers = headers("ce_id", "frame-1", "ce_id", "twice", "x", null);

        ProducerRecord<byte[], byte[]> reject =
                RejectedRecords.of(consumed(KEY, VALUE, headers), "detection", NOT_AN_IMAGE);

        assertThat(reject.topic()).isEqualTo("rejected-records");
        assertThat(reject.key()).isEqualTo(KEY);
        assertThat(reject.value()).isEqualTo(VALUE);
        assertThat(reject.headers().toArray()).startsWith(headers.toArray());
        assertThat(reject.headers().toArray())
                .extracting(Header::key)
                .doesNotContain(RejectedRecords.SIZE, RejectedRecords.SHA256);
        assertThat(header(reject.headers(), RejectedRecords.TOPIC)).isEqualTo("camera-frames");
        assertThat(header(reject.headers(), RejectedRecords.PARTITION)).isEqualTo("2");
        assertThat(header(reject.headers(), RejectedRecords.OFFSET)).isEqualTo("42");
        assertThat(header(reject.headers(), RejectedRecords.STAGE)).isEqualTo("detection");
        assertThat(header(reject.headers(), RejectedRecords.REASON)).isEqualTo("not-an-image");
        assertThat(header(reject.headers(), RejectedRecords.MESSAGE)).isEqualTo("first bytes 61 62 63");
        assertThat(headers).as("the record's own headers").hasSize(3);
    }

    @Test
    void aRecordWithoutKeyOrValueIsRejectedAsItIs() {
        ProducerRecord<byte[], byte[]> reject = RejectedRecords.of(
                consumed(null, null, new RecordHeaders()), "detection", new RejectedException(RejectReason.EMPTY, ""));

        assertThat(reject.key()).isNull();
        assertThat(reject.value()).isNull();
        assertThat(reject.headers()).hasSize(6);
    }

    @Test
    void headersOfAnEarlierRejectionGiveWayToOurs() {
        Headers headers = headers(
                RejectedRecords.REASON, "stale",
                RejectedRecords.REASON, "empty",
                RejectedRecords.SIZE, "99",
                RejectedRecords.SHA256, "00",
                RejectedRecords.OFFSET, "7");

        Headers rejected = RejectedRecords.of(consumed(KEY, VALUE, headers), "detection", NOT_AN_IMAGE)
                .headers();

        assertThat(rejected.headers(RejectedRecords.REASON)).hasSize(1);
        assertThat(header(rejected, RejectedRecords.REASON)).isEqualTo("not-an-image");
        assertThat(header(rejected, RejectedRecords.OFFSET)).isEqualTo("42");
        assertThat(rejected.headers(RejectedRecords.SIZE))
                .as("the value is there")
                .isEmpty();
        assertThat(rejected.headers(RejectedRecords.SHA256)).isEmpty();
    }

    @Test
    void aStaleRecordIsAPointerWithSizeAndSha256Only() {
        ProducerRecord<byte[], byte[]> reject = RejectedRecords.of(
                consumed(KEY, VALUE, headers("ce_id", "frame-1")),
                "detection",
                new RejectedException(RejectReason.STALE, "appended 9 s ago"));

        assertThat(reject.key()).isEqualTo(KEY);
        assertPointer(reject, VALUE.length);
        assertThat(header(reject.headers(), RejectedRecords.SHA256)).isEqualTo(SHA256_OF_VALUE);
        assertThat(header(reject.headers(), RejectedRecords.REASON)).isEqualTo("stale");
        assertThat(header(reject.headers(), "ce_id")).isNull();
    }

    @Test
    void aLongMessageIsCut() {
        String message = header(
                RejectedRecords.of(
                                consumed(KEY, VALUE, new RecordHeaders()),
                                "detection",
                                new RejectedException(RejectReason.BAD_MESSAGE, "é".repeat(100_000)))
                        .headers(),
                RejectedRecords.MESSAGE);

        assertThat(message).hasSize(1_000).startsWith("ééé").endsWith("é…");
    }

    @Test
    void aRejectionWithoutAMessageStillHasItsHeader() {
        ProducerRecord<byte[], byte[]> reject = RejectedRecords.of(
                consumed(KEY, VALUE, new RecordHeaders()),
                "matching",
                new RejectedException(RejectReason.BAD_MESSAGE, null));

        assertThat(header(reject.headers(), RejectedRecords.MESSAGE)).isEmpty();
    }

    @Test
    void theLargestFrameIsKeptWhole() {
        byte[] largest = new byte[8 << 20];

        ProducerRecord<byte[], byte[]> reject =
                RejectedRecords.of(consumed(KEY, largest, headers("ce_id", "frame-1")), "detection", NOT_AN_IMAGE);

        assertThat(reject.value()).isSameAs(largest);
        assertThat(header(reject.headers(), "ce_id")).isEqualTo("frame-1");
    }

    @Test
    void aLargerValueBecomesAPointer() {
        byte[] larger = new byte[(8 << 20) + (64 << 10)];

        ProducerRecord<byte[], byte[]> reject =
                RejectedRecords.of(consumed(KEY, larger, new RecordHeaders()), "detection", NOT_AN_IMAGE);

        assertThat(reject.key()).isEqualTo(KEY);
        assertPointer(reject, larger.length);
    }

    @Test
    void hugeHeadersBecomeAPointer() {
        Headers headers = headers("ce_subject", "x".repeat(9 << 20));

        ProducerRecord<byte[], byte[]> reject =
                RejectedRecords.of(consumed(KEY, VALUE, headers), "detection", NOT_AN_IMAGE);

        assertPointer(reject, VALUE.length);
        assertThat(header(reject.headers(), RejectedRecords.SHA256)).isEqualTo(SHA256_OF_VALUE);
    }

    @Test
    void aHugeKeyIsLeftOut() {
        ProducerRecord<byte[], byte[]> reject =
                RejectedRecords.of(consumed(new byte[9 << 20], VALUE, new RecordHeaders()), "detection", NOT_AN_IMAGE);

        assertThat(reject.key()).isNull();
        assertPointer(reject, VALUE.length);
    }

    /** The estimate of the size has to be right to the byte where it matters, so the broker is asked. */
    @Test
    void theBrokerTakesWhateverSizeTheOriginalHad() throws Exception {
        KafkaConnection connection = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        try (Admin admin = connection.admin()) {
            new TopicAdmin(admin, new TestTopicsConfig(6, true)).ensure(List.of(Topic.REJECTED_RECORDS));
        }
        int limit = Topic.REJECTED_RECORDS.maxMessageBytes();
        int pointers = 0;
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int below : new int[] {1_500, 700, 600, 500, 450, 430, 410, 400, 390, 370, 350, 300, 200, 100, 0}) {
                ConsumerRecord<byte[], byte[]> record =
                        consumed(KEY, new byte[limit - below], headers("ce_id", "frame-1"));
                ProducerRecord<byte[], byte[]> reject = RejectedRecords.of(record, "detection", NOT_AN_IMAGE);
                pointers += reject.value() == null ? 1 : 0;
                assertThat(producer.send(reject).get(20, TimeUnit.SECONDS).hasOffset())
                        .as("%d bytes below the limit", below)
                        .isTrue();
            }
        }
        assertThat(pointers).as("pointers among them").isBetween(3, 12);
    }

    private static void assertPointer(ProducerRecord<byte[], byte[]> reject, int size) {
        assertThat(reject.value()).isNull();
        assertThat(reject.headers()).hasSize(8);
        assertThat(header(reject.headers(), RejectedRecords.TOPIC)).isEqualTo("camera-frames");
        assertThat(header(reject.headers(), RejectedRecords.PARTITION)).isEqualTo("2");
        assertThat(header(reject.headers(), RejectedRecords.OFFSET)).isEqualTo("42");
        assertThat(header(reject.headers(), RejectedRecords.SIZE)).isEqualTo(Integer.toString(size));
        assertThat(header(reject.headers(), RejectedRecords.SHA256)).matches("[0-9a-f]{64}");
    }
}
