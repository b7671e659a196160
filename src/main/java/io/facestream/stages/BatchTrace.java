package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RejectedRecords;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * One span per record of a batch, from the poll to the commit. Its parent comes from the record's headers, and the
 * outputs carry the new span in their headers. A frame, its faces and their events therefore form one trace, which a
 * producer may start. The headers follow W3C Trace Context ({@code traceparent}, {@code tracestate}); span names and
 * attributes follow OpenTelemetry's semantic conventions for messaging. Spans never contain a person's name.
 */
final class BatchTrace implements AutoCloseable {
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> OPERATION_NAME = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    private static final AttributeKey<String> GROUP = AttributeKey.stringKey("messaging.consumer.group.name");
    private static final AttributeKey<Long> BATCH = AttributeKey.longKey("facestream.batch.size");
    private static final AttributeKey<Long> OUTPUTS = AttributeKey.longKey("facestream.outputs");
    private static final AttributeKey<String> DECISION = AttributeKey.stringKey("facestream.decision");

    private static final TextMapGetter<Headers> HEADERS_OF = new HeadersReader();
    private static final TextMapPropagator HEADERS = W3CTraceContextPropagator.getInstance();

    private final List<Span> spans;
    private int committed;

    /** @param group the consumer group of the batch */
    BatchTrace(Tracer tracer, String group, List<ConsumerRecord<byte[], byte[]>> batch) {
        spans = new ArrayList<>(batch.size());
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            spans.add(tracer.spanBuilder("process " + record.topic())
                    .setParent(HEADERS.extract(Context.root(), record.headers(), HEADERS_OF))
                    .setSpanKind(SpanKind.CONSUMER)
                    .setAttribute(SYSTEM, "kafka")
                    .setAttribute(OPERATION, "process")
                    .setAttribute(OPERATION_NAME, "process")
                    .setAttribute(TOPIC, record.topic())
                    .setAttribute(PARTITION, Integer.toString(record.partition()))
                    .setAttribute(OFFSET, record.offset())
                    .setAttribute(GROUP, group)
                    .setAttribute(BATCH, (long) batch.size())
                    .startSpan());
        }
    }

    /** Writes the span of the record at {@code index} into its outputs. Rejects keep the headers of the original. */
    void pass(int index, List<ProducerRecord<byte[], byte[]>> outputs) {
        Context context = Context.root().with(spans.get(index));
        outputs.stream()
                .filter(output -> output.headers().lastHeader(RejectedRecords.REASON) == null)
                .forEach(output -> HEADERS.inject(context, output.headers(), BatchTrace::put));
    }

    /**
     * Describes the spans of committed records. The other spans end with the status that the batch is retried.
     *
     * @param outputs the outputs sent for each committed record, from the start of the batch
     */
    void committed(List<List<ProducerRecord<byte[], byte[]>>> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            describe(spans.get(i), outputs.get(i));
        }
        committed = outputs.size();
    }

    private static void describe(Span span, List<ProducerRecord<byte[], byte[]>> outputs) {
        span.setAttribute(OUTPUTS, (long) outputs.size());
        for (ProducerRecord<byte[], byte[]> output : outputs) {
            Header reason = output.headers().lastHeader(RejectedRecords.REASON);
            if (reason != null) {
                span.setStatus(StatusCode.ERROR, "rejected: " + text(reason));
            }
            Header decision = output.headers().lastHeader(CloudEventRecords.DECISION);
            if (decision != null) {
                span.setAttribute(DECISION, text(decision));
            }
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < spans.size(); i++) {
            if (i >= committed) {
                spans.get(i).setStatus(StatusCode.ERROR, "not committed: the batch is retried");
            }
            spans.get(i).end();
        }
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(UTF_8));
    }

    private static String text(Header header) {
        return header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    private static final class HeadersReader implements TextMapGetter<Headers> {
        @Override
        public Iterable<String> keys(Headers headers) {
            List<String> keys = new ArrayList<>();
            headers.forEach(header -> keys.add(header.key()));
            return keys;
        }

        @Override
        public String get(Headers headers, String name) {
            Header header = headers.lastHeader(name);
            return header == null || header.value() == null ? null : text(header);
        }
    }
}
