package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTraceTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + PARENT + "-01";

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final Tracer tracer = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exported))
            .build()
            .get("test");

    private static ConsumerRecord<byte[], byte[]> frame(String... headers) {
        ConsumerRecord<byte[], byte[]> frame =
                new ConsumerRecord<>("camera-frames", 3, 41, "lobby".getBytes(UTF_8), new byte[] {1});
        for (int i = 0; i < headers.length; i += 2) {
            frame.headers().add(headers[i], headers[i + 1].getBytes(UTF_8));
        }
        return frame;
    }

    private static ProducerRecord<byte[], byte[]> output() {
        return new ProducerRecord<>("detected-faces", new byte[] {2});
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private BatchTrace trace(List<ConsumerRecord<byte[], byte[]>> batch) {
        return new BatchTrace(tracer, "facestream-detection", batch);
    }

    @Test
    void whatComesOfARecordNamesItsSpanWhichIsBelowTheOneItCameWith() {
        ProducerRecord<byte[], byte[]> face = output();
        ProducerRecord<byte[], byte[]> mark = output();

        try (BatchTrace trace = trace(List.of(frame("traceparent", TRACEPARENT, "tracestate", "vendor=7")))) {
            trace.pass(0, List.of(face, mark));
            trace.committed(List.of(List.of(face, mark)));
        }

        SpanData span = exported.getFinishedSpanItems().get(0);
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(PARENT);
        assertThat(span.getName()).isEqualTo("process camera-frames");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(span.getAttributes().get(AttributeKey.longKey("messaging.kafka.offset")))
                .isEqualTo(41);
        assertThat(List.of(face, mark)).allSatisfy(output -> {
            assertThat(header(output, "traceparent")).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
            assertThat(header(output, "tracestate")).isEqualTo("vendor=7");
        });
    }

    @Test
    void eachRecordHasATraceOfItsOwn() {
        ProducerRecord<byte[], byte[]> first = output();
        ProducerRecord<byte[], byte[]> second = output();

        try (BatchTrace trace = trace(List.of(frame(), frame()))) {
            trace.pass(0, List.of(first));
            trace.pass(1, List.of(second));
            trace.committed(List.of(List.of(first), List.of(second)));
        }

        assertThat(exported.getFinishedSpanItems())
                .extracting(SpanData::getParentSpanId)
                .containsOnly("0000000000000000");
        assertThat(exported.getFinishedSpanItems())
                .extracting(SpanData::getTraceId)
                .doesNotHaveDuplicates()
                .containsExactly(
                        header(first, "traceparent").split("-", -1)[1],
                        header(second, "traceparent").split("-", -1)[1]);
    }

    @Test
    void aRejectShowsInTheSpanAndKeepsTheHeadersOfItsOriginal() {
        ConsumerRecord<byte[], byte[]> frame = frame("traceparent", TRACEPARENT);
        ProducerRecord<byte[], byte[]> reject = RejectedRecords.of(
                frame, "detection", new RejectedException(RejectReason.PROCESSING_FAILED, "of no use"));

        try (BatchTrace trace = trace(List.of(frame))) {
            trace.pass(0, List.of(reject));
            trace.committed(List.of(List.of(reject)));
        }

        SpanData span = exported.getFinishedSpanItems().get(0);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getStatus().getDescription()).isEqualTo("rejected: processing-failed");
        assertThat(header(reject, "traceparent")).isEqualTo(TRACEPARENT);
    }

    /** As where an output turns out to be too large only when it is made. */
    @Test
    void whatWasSentCountsNotWhatWasMade() {
        ConsumerRecord<byte[], byte[]> frame = frame();
        ProducerRecord<byte[], byte[]> reject =
                RejectedRecords.of(frame, "detection", new RejectedException(RejectReason.TOO_LARGE, "too large"));

        try (BatchTrace trace = trace(List.of(frame))) {
            trace.pass(0, List.of(output()));
            trace.committed(List.of(List.of(reject)));
        }

        assertThat(exported.getFinishedSpanItems().get(0).getStatus().getDescription())
                .isEqualTo("rejected: too-large");
    }

    @Test
    void aBatchThatIsNotCommittedSaysThatItComesAgain() {
        trace(List.of(frame())).close();

        assertThat(exported.getFinishedSpanItems().get(0).getStatus().getDescription())
                .contains("is retried");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "00", "00-zz-00f067aa0ba902b7-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"
            })
    void aHeaderThatNamesNoSpanBeginsANewTrace(String broken) {
        try (BatchTrace trace = trace(List.of(frame("traceparent", broken)))) {
            trace.committed(List.of(List.of()));
        }

        assertThat(exported.getFinishedSpanItems().get(0).getParentSpanContext().isValid())
                .isFalse();
    }

    @Test
    void whereTracingIsOffTheContextIsPassedOnAsItCame() {
        ProducerRecord<byte[], byte[]> followed = output();
        ProducerRecord<byte[], byte[]> plain = output();

        try (BatchTrace trace = new BatchTrace(
                OpenTelemetry.noop().getTracer("test"),
                "facestream-detection",
                List.of(frame("traceparent", TRACEPARENT), frame()))) {
            trace.pass(0, List.of(followed));
            trace.pass(1, List.of(plain));
            trace.committed(List.of(List.of(followed), List.of(plain)));
        }

        assertThat(header(followed, "traceparent")).isEqualTo(TRACEPARENT);
        assertThat(plain.headers()).isEmpty();
    }
}
