package io.facestream.embeddings;

import io.cloudevents.CloudEvent;
import io.facestream.faces.ChipPng;
import io.facestream.faces.Face;
import io.facestream.faces.FrameMark;
import io.facestream.frames.Picture;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.facestream.stages.BatchFunction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Turns chips into embeddings; frame marks pass through in order. */
final class EmbeddingBatch implements BatchFunction {
    static final String STAGE = "embedding";

    private final ActiveNetwork network;
    private final int threads;
    private ActiveNetwork.Use use;
    private ParallelEmbedder embedder;

    /** @param threads that embed the chips of a batch, at least 1 */
    EmbeddingBatch(ActiveNetwork network, int threads) {
        this.network = network;
        this.threads = threads;
        this.use = network.use();
        this.embedder = use.parallel(threads);
    }

    @Override
    public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch) {
        takeOver();
        // One output per record, in the same order.
        List<List<ProducerRecord<byte[], byte[]>>> outputs = new ArrayList<>(Collections.nCopies(batch.size(), null));
        List<Pending> pending = new ArrayList<>(batch.size());
        try {
            for (int i = 0; i < batch.size(); i++) {
                ConsumerRecord<byte[], byte[]> record = batch.get(i);
                try {
                    CloudEvent event = CloudEventRecords.require(record);
                    if (event.getType().equals(FrameMark.TYPE)) {
                        FrameMark.check(event);
                        outputs.set(i, List.of(CloudEventRecords.pass(Topic.FACE_EMBEDDINGS, record, event)));
                    } else {
                        pending.add(new Pending(i, record, event, Face.of(event), chip(event)));
                    }
                } catch (RejectedException e) {
                    outputs.set(i, List.of(RejectedRecords.of(record, STAGE, e)));
                }
            }
            embed(pending, outputs);
        } finally {
            pending.forEach(Pending::close);
        }
        return outputs;
    }

    /** A batch is embedded by one version. Versions change only between batches. */
    private void takeOver() {
        if (!use.isCurrent()) {
            ActiveNetwork.Use next = network.use();
            ParallelEmbedder embedderOfNext;
            try {
                embedderOfNext = next.parallel(threads);
            } catch (RuntimeException | Error e) {
                // The former one stays whole, and the next batch tries again.
                next.close();
                throw e;
            }
            close();
            use = next;
            embedder = embedderOfNext;
        }
    }

    private static Picture chip(CloudEvent event) throws RejectedException {
        if (!event.getType().equals(Face.DETECTED_TYPE)) {
            throw new RejectedException(RejectReason.BAD_HEADER, "unexpected ce_type: " + event.getType());
        }
        return ChipPng.decode(CloudEventRecords.data(event));
    }

    private void embed(List<Pending> pending, List<List<ProducerRecord<byte[], byte[]>>> outputs) {
        long started = System.nanoTime();
        List<Optional<Embedding>> embeddings =
                embedder.embedEach(pending.stream().map(Pending::chip).toList());
        float millis = (System.nanoTime() - started) / 1e6f / Math.max(1, pending.size());
        for (int i = 0; i < pending.size(); i++) {
            Pending face = pending.get(i);
            outputs.set(
                    face.position,
                    List.of(embeddings
                            .get(i)
                            .map(embedding ->
                                    face.output(embedding, millis, use.version().version()))
                            .orElseGet(() -> reject(face))));
        }
    }

    private ProducerRecord<byte[], byte[]> reject(Pending face) {
        return RejectedRecords.of(
                face.record,
                STAGE,
                new RejectedException(
                        RejectReason.PROCESSING_FAILED,
                        "model version " + use.version().version()
                                + " yields no embedding of this chip: all zeros, or numbers that are NaN or infinite"));
    }

    @Override
    public void close() {
        embedder.close();
        use.close();
    }

    /** A chip to embed, and the position of its output. */
    private record Pending(
            int position, ConsumerRecord<byte[], byte[]> record, CloudEvent event, Face face, Picture chip) {
        ProducerRecord<byte[], byte[]> output(Embedding embedding, float millis, String modelVersion) {
            Face embedded = face.withQuality(face.quality().withNorm(embedding.norm()))
                    .withMillis(face.millis().withEmbedding(millis));
            EmbeddedFace message =
                    new EmbeddedFace(embedded, RecordPointer.to(record), modelVersion, embedding.vector());
            return CloudEventRecords.follow(Topic.FACE_EMBEDDINGS, record, event, EmbeddedFace.TYPE, message);
        }

        void close() {
            chip.close();
        }
    }
}
