package io.facestream.identities;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.facestream.embeddings.EmbeddedFace;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.FrameMark;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.stages.BatchFunction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Turns embeddings into identity events; frame marks pass through in order. */
final class MatchingBatch implements BatchFunction {
    static final String STAGE = "matching";

    private static final long READ_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final ModelRegistry registry;
    private final Matcher matcher;
    private final RecallSample recall;
    /** Cached for a while only, because a version's calibration may change. Missing versions are not cached. */
    private final Map<String, ModelVersion> versions = new HashMap<>();

    private long versionsReadAt = System.nanoTime();

    MatchingBatch(ModelRegistry registry, Matcher matcher, RecallSample recall) {
        this.registry = registry;
        this.matcher = matcher;
        this.recall = recall;
    }

    @Override
    public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch)
            throws SQLException {
        // One output per record, in the same order.
        List<List<ProducerRecord<byte[], byte[]>>> outputs = new ArrayList<>(Collections.nCopies(batch.size(), null));
        Map<ModelVersion, List<Probe>> probes = new HashMap<>();
        if (System.nanoTime() - versionsReadAt > READ_AGAIN_NANOS) {
            versions.clear();
            versionsReadAt = System.nanoTime();
        }
        for (int i = 0; i < batch.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = batch.get(i);
            try {
                CloudEvent event = CloudEventRecords.require(record);
                if (event.getType().equals(FrameMark.TYPE)) {
                    FrameMark.check(event);
                    outputs.set(i, List.of(CloudEventRecords.pass(Topic.IDENTITY_EVENTS, record, event)));
                } else {
                    EmbeddedFace face = embeddedFace(event);
                    ModelVersion version = version(face);
                    // May throw, so it precedes the version's list, which must never be empty.
                    Probe probe = new Probe(i, record, event, face, embedding(face));
                    probes.computeIfAbsent(version, v -> new ArrayList<>()).add(probe);
                }
            } catch (RejectedException e) {
                outputs.set(i, List.of(RejectedRecords.of(record, STAGE, e)));
            }
        }
        for (Map.Entry<ModelVersion, List<Probe>> ofVersion : probes.entrySet()) {
            match(ofVersion.getKey(), ofVersion.getValue(), outputs);
        }
        return outputs;
    }

    @Override
    public void close() {
        recall.close();
    }

    private static EmbeddedFace embeddedFace(CloudEvent event) throws RejectedException {
        if (!event.getType().equals(EmbeddedFace.TYPE)) {
            throw new RejectedException(RejectReason.BAD_HEADER, "unexpected ce_type: " + event.getType());
        }
        return Json.read(CloudEventRecords.data(event), EmbeddedFace.class);
    }

    private ModelVersion version(EmbeddedFace face) throws RejectedException, SQLException {
        ModelVersion version = versions.get(face.modelVersion());
        if (version == null) {
            Optional<ModelVersion> found = registry.findSearchable(face.modelVersion());
            if (found.isEmpty()) {
                throw new RejectedException(
                        RejectReason.UNKNOWN_MODEL_VERSION,
                        "the gallery holds no model version " + face.modelVersion());
            }
            version = found.get();
            versions.put(version.version(), version);
        }
        if (face.embedding().length != version.dimensions()) {
            throw new RejectedException(
                    RejectReason.BAD_MESSAGE,
                    "model version " + version.version() + " has " + version.dimensions() + " dimensions, not "
                            + face.embedding().length);
        }
        return version;
    }

    private static Embedding embedding(EmbeddedFace face) throws RejectedException {
        try {
            Float norm = face.face().quality().norm();
            if (norm == null) {
                throw new RejectedException(RejectReason.BAD_MESSAGE, "an embedded face without a norm");
            }
            return Embedding.ofUnitVector(face.embedding(), norm);
        } catch (IllegalArgumentException e) {
            throw new RejectedException(RejectReason.BAD_MESSAGE, e.getMessage(), e);
        }
    }

    private void match(ModelVersion version, List<Probe> probes, List<List<ProducerRecord<byte[], byte[]>>> outputs)
            throws SQLException {
        long started = System.nanoTime();
        List<Matcher.Match> matches =
                matcher.match(version, probes.stream().map(Probe::probe).toList());
        float millis = (System.nanoTime() - started) / 1e6f / probes.size();
        for (int i = 0; i < probes.size(); i++) {
            outputs.set(probes.get(i).position, List.of(probes.get(i).output(matches.get(i), millis)));
        }
        // A random one, because the first records of batches come from few cameras.
        recall.offer(version, probes.get(ThreadLocalRandom.current().nextInt(probes.size())).embedding);
    }

    private record Probe(
            int position,
            ConsumerRecord<byte[], byte[]> record,
            CloudEvent event,
            EmbeddedFace face,
            Embedding embedding) {
        Matcher.Probe probe() {
            return new Matcher.Probe(embedding, face.face().quality());
        }

        ProducerRecord<byte[], byte[]> output(Matcher.Match match, float millis) {
            IdentityEvent message = IdentityEvent.of(face, RecordPointer.to(record), match, millis);
            ProducerRecord<byte[], byte[]> output =
                    CloudEventRecords.follow(Topic.IDENTITY_EVENTS, record, event, IdentityEvent.TYPE, message);
            output.headers()
                    .add(
                            CloudEventRecords.DECISION,
                            message.judgement().decision().name().getBytes(UTF_8));
            return output;
        }
    }
}
