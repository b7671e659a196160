package io.facestream.faces;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.frames.CameraFrame;
import io.facestream.frames.FrameInfo;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.BatchFunction;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/** Frames in; for each its faces' chips and then its mark out, to the partition the frame came from. */
final class DetectionBatch implements BatchFunction {
    private static final Logger LOG = Logger.getLogger(DetectionBatch.class);

    private final DetectionConfig config;
    private final PictureDecoder decoder;
    private final CameraMetrics cameras;
    private final Clock clock;
    private final ExecutorService workers;
    private final BlockingQueue<FaceFinder> finders = new LinkedBlockingQueue<>();

    /** @param finder called once for each frame that is worked on at the same time */
    DetectionBatch(
            DetectionConfig config,
            PictureDecoder decoder,
            Supplier<FaceFinder> finder,
            CameraMetrics cameras,
            Clock clock) {
        this.config = config;
        this.decoder = decoder;
        this.cameras = cameras;
        this.clock = clock;
        int threads =
                config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors();
        this.workers = Executors.newFixedThreadPool(threads, task -> new Thread(task, "detection-worker"));
        for (int i = 0; i < threads; i++) {
            finders.add(finder.get());
        }
    }

    @Override
    public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch)
            throws InterruptedException, ExecutionException {
        List<Future<List<ProducerRecord<byte[], byte[]>>>> frames = new ArrayList<>(batch.size());
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            frames.add(workers.submit(() -> processFrame(record)));
        }
        List<List<ProducerRecord<byte[], byte[]>>> outputs = new ArrayList<>(batch.size());
        for (Future<List<ProducerRecord<byte[], byte[]>>> frame : frames) {
            outputs.add(frame.get());
        }
        return outputs;
    }

    private List<ProducerRecord<byte[], byte[]>> processFrame(ConsumerRecord<byte[], byte[]> record)
            throws InterruptedException {
        FaceFinder finder = finders.take();
        try {
            CameraFrame frame = CameraFrame.of(record);
            cameras.frame(frame.camera());
            checkAge(frame);
            return detect(frame, finder);
        } catch (RejectedException e) {
            return List.of(RejectedRecords.of(record, DetectionStage.NAME, e));
        } catch (RuntimeException e) {
            // Nothing here depends on anything but the record, so trying again would fail again.
            LOG.errorf(e, "%s cannot be processed", RecordPointer.to(record));
            return List.of(RejectedRecords.of(
                    record,
                    DetectionStage.NAME,
                    new RejectedException(RejectReason.PROCESSING_FAILED, e.toString(), e)));
        } finally {
            finders.add(finder);
        }
    }

    private void checkAge(CameraFrame frame) throws RejectedException {
        Optional<Duration> limit = config.maxFrameAge(frame.camera());
        if (limit.isPresent()) {
            Duration age = Duration.between(frame.appendedAt(), clock.instant());
            if (age.compareTo(limit.get()) > 0) {
                throw new RejectedException(
                        RejectReason.STALE,
                        "appended " + age.toMillis() + " ms ago, more than "
                                + limit.get().toMillis());
            }
        }
    }

    private List<ProducerRecord<byte[], byte[]>> detect(CameraFrame frame, FaceFinder finder) throws RejectedException {
        long started = System.nanoTime();
        List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        try (Picture picture = decoder.decode(frame.image())) {
            FrameInfo info = FrameInfo.of(frame, picture);
            List<FaceView> views = finder.find(picture);
            try {
                StageMillis millis = new StageMillis((System.nanoTime() - started) / 1e6f, null, null);
                int faces = Math.min(views.size(), config.maxFaces());
                for (int i = 0; i < faces; i++) {
                    FaceView view = views.get(i);
                    DetectedFace found = view.face();
                    Face face = new Face(
                            info, i, found.box(), found.landmarks(), found.confidence(), view.quality(), millis);
                    outputs.add(faceRecord(frame, face, view.chip()));
                }
                outputs.add(markRecord(frame, new FrameMark(info, faces, views.size() - faces)));
            } finally {
                views.forEach(FaceView::close);
            }
        }
        return outputs;
    }

    private static ProducerRecord<byte[], byte[]> faceRecord(CameraFrame frame, Face face, Picture chip) {
        CloudEvent event = attributes(frame)
                .withId(face.id())
                .withType(Face.DETECTED_TYPE)
                .withExtension(Face.FACTS, new String(Json.write(face), UTF_8))
                .withData("image/png", ChipPng.encode(chip))
                .build();
        return write(frame, event);
    }

    private static ProducerRecord<byte[], byte[]> markRecord(CameraFrame frame, FrameMark mark) {
        CloudEvent event = attributes(frame)
                .withId(mark.id())
                .withType(FrameMark.TYPE)
                .withData("application/json", Json.write(mark))
                .build();
        return write(frame, event);
    }

    private static CloudEventBuilder attributes(CameraFrame frame) {
        return CloudEventBuilder.v1()
                .withSource(frame.source())
                .withSubject(frame.camera())
                .withTime(frame.capturedAt().atOffset(ZoneOffset.UTC));
    }

    private static ProducerRecord<byte[], byte[]> write(CameraFrame frame, CloudEvent event) {
        return CloudEventRecords.write(
                Topic.DETECTED_FACES,
                frame.pointer().partition(),
                frame.camera().getBytes(UTF_8),
                event);
    }

    @Override
    public void close() {
        workers.shutdownNow();
        finders.forEach(FaceFinder::close);
    }
}
