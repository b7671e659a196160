package io.facestream.detection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.faces.ChipPng;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Face;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.FrameMark;
import io.facestream.faces.StageMillis;
import io.facestream.frames.CameraFrame;
import io.facestream.frames.FrameInfo;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.facestream.stages.BatchFunction;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Turns each frame into the chips of its faces and then its mark, on the partition of the frame. Serves one thread. */
final class DetectionBatch implements BatchFunction {
    static final String STAGE = "detection";

    private final DetectionConfig config;
    private final PictureDecoder decoder;
    private final FaceFinder finder;
    private final Optional<FaceLiveness> liveness;
    private final CameraMetrics cameras;
    private final CameraSettings settings;
    private final FrameAge age;
    private final RecentFrames recent;
    private final OrientationWatch orientation;

    /** Takes over the finder, and what scores liveness. */
    DetectionBatch(
            DetectionConfig config,
            PictureDecoder decoder,
            FaceFinder finder,
            Optional<FaceLiveness> liveness,
            CameraMetrics cameras,
            CameraSettings settings,
            FrameAge age,
            RecentFrames recent,
            OrientationWatch orientation) {
        this.config = config;
        this.decoder = decoder;
        this.finder = finder;
        this.liveness = liveness;
        this.cameras = cameras;
        this.settings = settings;
        this.age = age;
        this.recent = recent;
        this.orientation = orientation;
    }

    @Override
    public List<List<ProducerRecord<byte[], byte[]>>> process(List<ConsumerRecord<byte[], byte[]>> batch) {
        return batch.stream().map(this::processFrame).toList();
    }

    private List<ProducerRecord<byte[], byte[]>> processFrame(ConsumerRecord<byte[], byte[]> record) {
        try {
            CameraFrame frame = CameraFrame.of(record);
            cameras.frame(frame.camera());
            checkAge(frame);
            recent.check(frame);
            return detect(frame);
        } catch (RejectedException e) {
            return List.of(RejectedRecords.of(record, STAGE, e));
        }
    }

    private void checkAge(CameraFrame frame) throws RejectedException {
        Optional<String> tooOld = age.beyondLimit(frame);
        if (tooOld.isPresent()) {
            throw new RejectedException(RejectReason.STALE, tooOld.get());
        }
    }

    private List<ProducerRecord<byte[], byte[]>> detect(CameraFrame frame) throws RejectedException {
        long started = System.nanoTime();
        List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        try (Picture picture = upright(frame)) {
            FrameInfo info = FrameInfo.of(frame, picture);
            if (info.damaged() != null) {
                cameras.damaged(frame, picture.damage().orElse("parts of its video are missing"));
            }
            List<FaceView> views = finder.find(picture);
            try {
                StageMillis millis = new StageMillis((System.nanoTime() - started) / 1e6f, null, null);
                int faces = Math.min(views.size(), config.maxFaces());
                List<Float> scores = liveness(picture, views.subList(0, faces));
                for (int i = 0; i < faces; i++) {
                    FaceView view = views.get(i);
                    DetectedFace found = view.face();
                    Face face = new Face(
                            info,
                            i,
                            found.box(),
                            found.landmarks(),
                            found.confidence(),
                            view.quality(),
                            scores.get(i),
                            millis);
                    outputs.add(faceRecord(frame, face, view.chip()));
                }
                outputs.add(markRecord(frame, new FrameMark(info, faces, views.size() - faces)));
                orientation.look(frame.camera(), picture, views, finder);
            } finally {
                views.forEach(FaceView::close);
            }
        }
        return outputs;
    }

    /** Of each face; null for those that are not scored. */
    private List<Float> liveness(Picture picture, List<FaceView> views) {
        return liveness.map(on -> on.scores(
                        picture, views.stream().map(view -> view.face().box()).toList()))
                .orElseGet(() -> Collections.nCopies(views.size(), null));
    }

    private Picture upright(CameraFrame frame) throws RejectedException {
        Picture picture = decoder.decode(frame.image());
        int rotation = settings.rotation(frame.camera());
        if (rotation == 0) {
            return picture;
        }
        try (picture) {
            return picture.turned(rotation);
        }
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
        finder.close();
        liveness.ifPresent(FaceLiveness::close);
    }
}
