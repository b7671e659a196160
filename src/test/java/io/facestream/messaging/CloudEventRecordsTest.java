package io.facestream.messaging;

import static io.facestream.messaging.TestRecords.consumed;
import static io.facestream.messaging.TestRecords.header;
import static io.facestream.messaging.TestRecords.headers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventRecordsTest {
    private static final byte[] KEY = "entrance".getBytes(UTF_8);
    private static final byte[] VALUE = {1, 2, 3};

    /** Not UTF-8: a continuation byte alone, then an overlong encoding. */
    private static final byte[] NOT_UTF_8 = {(byte) 0x80, 'a', (byte) 0xc0, (byte) 0xaf};

    @Test
    void aRecordWithoutHeadersIsNoEvent() throws Exception {
        assertThat(CloudEventRecords.read(consumed(KEY, VALUE, new RecordHeaders())))
                .isEmpty();
    }

    @Test
    void headersOfOthersMakeNoEvent() throws Exception {
        Headers headers = headers("content-type", "image/jpeg", "traceparent", "00-0af7", "CE_ID", "1", "face", null);

        assertThat(CloudEventRecords.read(consumed(KEY, VALUE, headers))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cloudevents+json",
                "Application/CloudEvents+JSON; charset=utf-8",
                "application/cloudevents-batch+json"
            })
    void anEventInStructuredModeIsRefusedWithTheOtherMode(String contentType) {
        Headers headers = headers("content-type", contentType);

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> CloudEventRecords.read(consumed(KEY, "{}".getBytes(UTF_8), headers)))
                .withMessageContaining("binary mode")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectReason.BAD_HEADER));
    }

    /** The npm package cloudevents 10.0.0 writes the content type twice, and optional attributes without a value. */
    @Test
    void readsTheContentTypeAsAnAttributeTooAndAttributesWithoutAValue() throws Exception {
        Headers headers = sound().add(header("content-type", "image/jpeg"))
                .add(header("ce_datacontenttype", "image/jpeg"))
                .add(header("ce_subject", null))
                .add(header("ce_dataschema", null));

        CloudEvent event = CloudEventRecords.read(consumed(KEY, VALUE, headers)).orElseThrow();

        assertThat(event.getDataContentType()).isEqualTo("image/jpeg");
        assertThat(event.getSubject()).isNull();
        assertThat(CloudEventRecords.data(event)).isEqualTo(VALUE);
    }

    @Test
    void readsAttributesDataAndExtensions() throws Exception {
        Headers headers = sound().add(header("ce_time", "2024-05-01T12:00:00.25+02:00"))
                .add(header("ce_subject", "entrance"))
                .add(header("ce_dataschema", "https://example.org/frame"))
                .add(header("ce_lane", "7"))
                .add(header("content-type", "image/jpeg"));

        CloudEvent event = CloudEventRecords.read(consumed(KEY, VALUE, headers)).orElseThrow();

        assertThat(event.getId()).isEqualTo("frame-1");
        assertThat(event.getSource()).isEqualTo(URI.create("/cameras/entrance"));
        assertThat(event.getType()).isEqualTo("io.facestream.camera-frame.v1");
        assertThat(event.getTime()).isEqualTo(OffsetDateTime.parse("2024-05-01T12:00:00.25+02:00"));
        assertThat(event.getSubject()).isEqualTo("entrance");
        assertThat(event.getDataSchema()).isEqualTo(URI.create("https://example.org/frame"));
        assertThat(event.getExtension("lane")).isEqualTo("7");
        assertThat(event.getDataContentType()).isEqualTo("image/jpeg");
        assertThat(CloudEventRecords.data(event)).isEqualTo(VALUE);
    }

    @Test
    void aHeaderMayBeLongAndBlankButNotOfAnyLength() throws Exception {
        String blanks = " ".repeat(65_535);

        assertThat(CloudEventRecords.read(consumed(KEY, VALUE, sound().add(header("ce_lane", blanks + "x")))))
                .isPresent();
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() ->
                        CloudEventRecords.read(consumed(KEY, VALUE, sound().add(header("ce_lane", blanks + "xy")))))
                .withMessage("ce_lane has 65537 bytes, more than 65536");
    }

    static Stream<Arguments> brokenHeaders() {
        return Stream.of(
                argumentSet("blanks with a control character", with("ce_lane", " \n ")),
                argumentSet("a time of yesterday", with("ce_time", "yesterday")),
                argumentSet("an empty time", with("ce_time", "")),
                argumentSet("a time without a zone", with("ce_time", "2024-05-01T12:00:00")),
                argumentSet("the 30th of February", with("ce_time", "2024-02-30T12:00:00Z")),
                argumentSet("no specversion", without("ce_specversion")),
                argumentSet("an unknown specversion", with("ce_specversion", "9.9")),
                argumentSet("a specversion that is null", with("ce_specversion", null)),
                argumentSet("no id", without("ce_id")),
                argumentSet("no source", without("ce_source")),
                argumentSet("no type", without("ce_type")),
                argumentSet("an id that is null", with("ce_id", null)),
                argumentSet("a source with a space", with("ce_source", "front door")),
                argumentSet("a data schema that is no URI", with("ce_dataschema", "::://")),
                argumentSet("an extension with an illegal name", with("ce_Ünter-lane", "x")),
                argumentSet("a lone extension", headers("ce_lane", "7")),
                argumentSet("structured mode beside attributes", with("content-type", "application/cloudevents+json")));
    }

    @ParameterizedTest
    @MethodSource("brokenHeaders")
    void brokenHeadersAreRejectedAsSuch(Headers headers) {
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> CloudEventRecords.read(consumed(KEY, VALUE, headers)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectReason.BAD_HEADER))
                .withMessageContaining("ce_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_specversion", "ce_id", "ce_source", "ce_type"})
    void aRequiredHeaderThatIsMissingOrBlankIsNamed(String name) {
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> CloudEventRecords.read(consumed(KEY, VALUE, without(name))))
                .withMessage("there are ce_ headers, but no " + name);
        for (String blank : List.of("", " ", "\t\n")) {
            assertThatExceptionOfType(RejectedException.class)
                    .isThrownBy(() -> CloudEventRecords.read(consumed(KEY, VALUE, with(name, blank))))
                    .withMessage(name + " is blank")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectReason.BAD_HEADER));
        }
    }

    @Test
    void aHeaderThatIsNotUtf8IsRejectedByName() {
        assertThat(catchThrowableOfType(
                        RejectedException.class,
                        () -> CloudEventRecords.read(consumed(KEY, VALUE, sound().add("ce_subject", NOT_UTF_8)))))
                .isNotNull()
                .hasMessage("ce_subject is not UTF-8");
    }

    @Test
    void aHeaderThatIsNullIsAsGoodAsAbsentWhereTheAttributeIsOptional() throws Exception {
        Headers headers = sound().add(header("ce_subject", null)).add(header("ce_lane", null));

        CloudEvent event = CloudEventRecords.read(consumed(KEY, VALUE, headers)).orElseThrow();

        assertThat(event.getSubject()).isNull();
        assertThat(event.getExtension("lane")).isNull();
    }

    @Test
    void anExtensionWithoutANameDoesNoHarm() throws Exception {
        CloudEvent event =
                CloudEventRecords.read(consumed(KEY, VALUE, with("ce_", "x"))).orElseThrow();

        assertSound(event);
    }

    @Test
    void nullValueMakesAnEventWithoutData() throws Exception {
        CloudEvent event = CloudEventRecords.require(consumed(KEY, null, sound()));

        assertThat(CloudEventRecords.data(event)).isEmpty();
    }

    @Test
    void whateverTheHeadersHoldTheOutcomeIsAnEventOrARejection() {
        Random random = new Random(17);
        List<String> names = List.of(
                "ce_specversion",
                "ce_id",
                "ce_source",
                "ce_type",
                "ce_time",
                "ce_subject",
                "ce_dataschema",
                "ce_",
                "ce_datacontenttype",
                "ce_data",
                "ce_x",
                "ce_ce_id",
                "content-type",
                "contenttype",
                "ce_é",
                "ce_a b");
        List<String> values = List.of(
                "",
                " ",
                "1.0",
                "0.3",
                "1.0 ",
                "0",
                "%",
                "://",
                "a b",
                "\0",
                "2024-05-01T12:00:00Z",
                "99999999999",
                "+999999999-12-31T23:59:59Z",
                "image/jpeg",
                "application/cloudevents",
                "APPLICATION/CLOUDEVENTS+JSON",
                "application/cloudevents-batch+json",
                "application/cloudevents+avro;charset=x",
                "x".repeat(100_000));
        int events = 0;
        int rejections = 0;
        for (int i = 0; i < 5_000; i++) {
            Headers headers = random.nextInt(4) == 0 ? new RecordHeaders() : sound();
            for (int n = random.nextInt(5); n >= 0; n--) {
                String name = names.get(random.nextInt(names.size()));
                if (random.nextBoolean()) {
                    headers.remove(name);
                }
                headers.add(name, value(random, values));
            }
            try {
                Optional<CloudEvent> event = CloudEventRecords.read(consumed(KEY, VALUE, headers));
                event.ifPresent(CloudEventRecordsTest::assertSound);
                events += event.isPresent() ? 1 : 0;
            } catch (RejectedException e) {
                assertThat(e.reason()).isEqualTo(RejectReason.BAD_HEADER);
                rejections++;
            }
        }
        assertThat(events).isGreaterThan(100);
        assertThat(rejections).isGreaterThan(1_000);
    }

    private static byte[] value(Random random, List<String> values) {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> NOT_UTF_8;
            default -> values.get(random.nextInt(values.size())).getBytes(UTF_8);
        };
    }

    private static void assertSound(CloudEvent event) {
        assertThat(event.getId()).isNotNull();
        assertThat(event.getSource()).isNotNull();
        assertThat(event.getType()).isNotNull();
        // What a later stage does with every event: write it again.
        assertThat(CloudEventRecords.write(Topic.DETECTED_FACES, 0, KEY, event).headers())
                .isNotEmpty();
    }

    @Test
    void aRecordBetweenStagesMustBeAnEvent() {
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> CloudEventRecords.require(consumed(KEY, VALUE, new RecordHeaders())))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectReason.BAD_HEADER));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        CloudEvent event = CloudEventBuilder.v1()
                .withId("frame-1#0")
                .withSource(URI.create("/cameras/entrance"))
                .withType(CloudEventRecords.type("detected-face"))
                .withSubject("entrance")
                .withTime(OffsetDateTime.parse("2024-05-01T10:00:00.25Z"))
                .withExtension("face", "{\"index\":0}")
                .withData("image/png", VALUE)
                .build();

        ProducerRecord<byte[], byte[]> written = CloudEventRecords.write(Topic.DETECTED_FACES, 5, KEY, event);

        assertThat(written.topic()).isEqualTo("detected-faces");
        assertThat(written.partition()).isEqualTo(5);
        assertThat(written.key()).isEqualTo(KEY);
        assertThat(written.value()).isEqualTo(VALUE);
        assertThat(header(written.headers(), "ce_type")).isEqualTo("io.facestream.detected-face.v1");
        assertThat(header(written.headers(), "content-type")).isEqualTo("image/png");
        assertThat(CloudEventRecords.require(consumed(KEY, VALUE, written.headers())))
                .usingRecursiveComparison()
                .isEqualTo(event);
    }

    private static Headers sound() {
        return headers(
                "ce_specversion", "1.0",
                "ce_id", "frame-1",
                "ce_source", "/cameras/entrance",
                "ce_type", "io.facestream.camera-frame.v1");
    }

    private static Headers with(String name, String value) {
        return sound().remove(name).add(header(name, value));
    }

    private static Headers without(String name) {
        return sound().remove(name);
    }
}
