package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.frames.TestPictures;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One trace from a frame to its event. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class TracingTest {
    private static final byte[] STRANGER = TestPictures.sample("strangers/Aksel_Andersson/print.jpg");
    private static final String CAMERAS_SPAN = "00f067aa0ba902b7";
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    private static final AttributeKey<String> DECISION = AttributeKey.stringKey("facestream.decision");

    @Inject
    InMemorySpanExporter exported;

    /** Takes the place of a collector. */
    @Produces
    @ApplicationScoped
    InMemorySpanExporter exporter() {
        return InMemorySpanExporter.create();
    }

    @Test
    void aFramesTraceGoesThroughEveryStageToItsEvent() {
        String trace = UUID.randomUUID().toString().replace("-", "");
        try (Topics topics = new Topics()) {
            RecordPointer frame = topics.publish(
                    Topic.CAMERA_FRAMES,
                    null,
                    "traced",
                    STRANGER,
                    Map.of("traceparent", "00-" + trace + "-" + CAMERAS_SPAN + "-01"));

            String event = Topics.header(
                    topics.awaitFaces(Topic.IDENTITY_EVENTS, frame).get(0), "traceparent");

            List<SpanData> spans =
                    await().atMost(Duration.ofMinutes(1)).until(() -> ofTrace(trace), found -> found.size() == 5);
            List<String> tree = new ArrayList<>();
            write(spans, CAMERAS_SPAN, "", tree);
            assertThat(tree)
                    .containsExactly(
                            "process camera-frames",
                            "  process detected-faces",
                            "    process face-embeddings UNKNOWN",
                            "  process detected-faces",
                            "    process face-embeddings");
            assertThat(spans)
                    .filteredOn(span -> span.getAttributes().get(DECISION) != null)
                    .extracting(span -> "00-" + trace + "-" + span.getSpanId() + "-01")
                    .containsExactly(event);
        }
    }

    private List<SpanData> ofTrace(String trace) {
        return exported.getFinishedSpanItems().stream()
                .filter(span -> span.getTraceId().equals(trace))
                .toList();
    }

    /** The spans below one as a text of one line each, the face's before the mark's. */
    private static void write(List<SpanData> spans, String parent, String indent, List<String> lines) {
        spans.stream()
                .filter(span -> span.getParentSpanId().equals(parent))
                .sorted(Comparator.comparing(span -> span.getAttributes().get(OFFSET)))
                .forEach(span -> {
                    String decision = span.getAttributes().get(DECISION);
                    lines.add(indent + span.getName() + (decision == null ? "" : " " + decision));
                    write(spans, span.getSpanId(), indent + "  ", lines);
                });
    }
}
