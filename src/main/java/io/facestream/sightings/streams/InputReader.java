package io.facestream.sightings.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.facestream.embeddings.EmbeddedFace;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.Box;
import io.facestream.faces.FrameMark;
import io.facestream.faces.Quality;
import io.facestream.frames.FrameInfo;
import io.facestream.identities.Candidate;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.sightings.tracking.SeenFace;
import io.facestream.sightings.vote.Verdict;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the records of one of the two topics. Never throws: a record that is wrong becomes {@link Input.Unusable}. */
final class InputReader implements Deserializer<Input> {
    /** Far above what the stages write; a row's texts may have 64 kB. */
    private static final int MOST_CHARACTERS = 4_096;

    private static final int MOST_CAMERA_CHARACTERS = 256;
    private static final int MOST_DIMENSIONS = 2_000;

    /** Longer than a name that is refused unread at enrolment. */
    private static final int MOST_NAME_CHARACTERS = 2_048;

    /** Far above a picture's sides in pixels, and an embedding's length: squares and sums stay finite in 32 bits. */
    private static final float LARGEST = 1e6f;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant TOO_LATE = Instant.parse("9999-12-31T00:00:00Z");

    private final Input.Side side;

    InputReader(Input.Side side) {
        this.side = side;
    }

    @Override
    public Input deserialize(String topic, byte[] value) {
        throw new UnsupportedOperationException("the headers say what a record is");
    }

    @Override
    public Input deserialize(String topic, Headers headers, byte[] value) {
        try {
            return read(topic, headers, value);
        } catch (RejectedException e) {
            return new Input.Unusable(e, value);
        } catch (RuntimeException e) {
            return new Input.Unusable(new RejectedException(RejectReason.BAD_MESSAGE, e.getMessage(), e), value);
        }
    }

    private Input read(String topic, Headers headers, byte[] value) throws RejectedException {
        if (value == null || value.length == 0) {
            throw new RejectedException(RejectReason.EMPTY, "a record without a value");
        }
        CloudEvent event = CloudEventRecords.require(new ConsumerRecord<>(
                topic, 0, 0, 0, TimestampType.NO_TIMESTAMP_TYPE, 0, 0, new byte[0], value, headers, Optional.empty()));
        if (event.getType().equals(FrameMark.TYPE)) {
            return new Input.Mark(check(Json.read(value, FrameMark.class).frame()), side);
        }
        String expected = side == Input.Side.VECTORS ? EmbeddedFace.TYPE : IdentityEvent.TYPE;
        if (!event.getType().equals(expected)) {
            throw new RejectedException(RejectReason.BAD_HEADER, "unexpected ce_type: " + event.getType());
        }
        return side == Input.Side.VECTORS
                ? vector(Json.read(value, EmbeddedFace.class))
                : event(Json.read(value, IdentityEvent.class));
    }

    private static Input vector(EmbeddedFace embedded) throws RejectedException {
        require(embedded.face().index() >= 0, "a face's index is 0 or more");
        text("modelVersion", embedded.modelVersion(), MOST_CHARACTERS);
        require(
                embedded.embedding().length <= MOST_DIMENSIONS,
                "an embedding has at most " + MOST_DIMENSIONS + " dimensions, not " + embedded.embedding().length);
        return new Input.FaceVector(
                check(embedded.face().frame()),
                embedded.face().index(),
                embedded.modelVersion(),
                Embedding.ofUnitVector(embedded.embedding(), 1).vector());
    }

    private static Input event(IdentityEvent event) throws RejectedException {
        require(event.origin() != null && event.face() != null, "an identity event has a frame and a face");
        require(event.judgement() != null && event.pointers() != null, "an identity event has a decision and pointers");
        pointer("pointers.frame", event.pointers().frame());
        pointer("pointers.chip", event.pointers().chip());
        pointer("pointers.embedding", event.pointers().embedding());
        require(event.face().index() >= 0, "a face's index is 0 or more");
        camera(event.origin().camera());
        measures(event.face().box(), event.face().quality());
        text("eventId", event.eventId(), MOST_CHARACTERS);
        text("modelVersion", event.modelVersion(), MOST_CHARACTERS);
        SeenFace face = new SeenFace(
                event.eventId(),
                event.face().index(),
                event.face().box(),
                event.face().quality(),
                Verdict.of(event.judgement()),
                event.modelVersion(),
                new float[0],
                event.pointers());
        return new Input.FaceEvent(
                event.origin().camera(), event.pointers().frame().offset(), face, names(event.judgement()));
    }

    private static void measures(Box box, Quality quality) throws RejectedException {
        require(box != null && quality != null, "a face has a box and a quality");
        boolean isBox = Math.abs(box.x()) <= LARGEST
                && Math.abs(box.y()) <= LARGEST
                && box.width() <= LARGEST
                && box.height() <= LARGEST;
        require(isBox, "a face's box is within " + LARGEST + " pixels, not " + box);
        require(
                quality.size() >= 0 && quality.size() <= LARGEST,
                "a face's size is 0 to " + LARGEST + " pixels, not " + quality.size());
        Float norm = quality.norm();
        require(
                norm == null || norm > 0 && norm <= LARGEST,
                "an embedding's length is above 0 and at most " + LARGEST + ", not " + norm);
    }

    private static Map<UUID, String> names(IdentityEvent.Judgement judgement) throws RejectedException {
        Map<UUID, String> names = new HashMap<>();
        if (judgement.candidates() != null) {
            for (Candidate candidate : judgement.candidates()) {
                name(names, candidate.identityId(), candidate.name());
            }
        }
        name(names, judgement.identityId(), judgement.name());
        return names;
    }

    private static void name(Map<UUID, String> names, UUID identity, String name) throws RejectedException {
        if (identity != null && name != null) {
            text("name", name, MOST_NAME_CHARACTERS);
            names.put(identity, name);
        }
    }

    private static FrameInfo check(FrameInfo frame) throws RejectedException {
        camera(frame.camera());
        text("frame.id", frame.id(), MOST_CHARACTERS);
        text("frame.source", frame.source(), MOST_CHARACTERS);
        uri(frame.source());
        pointer("frame.pointer", frame.pointer());
        time("frame.capturedAt", frame.capturedAt(), EARLIEST);
        time("frame.appendedAt", frame.appendedAt(), Instant.EPOCH);
        return frame;
    }

    private static void pointer(String name, RecordPointer pointer) throws RejectedException {
        require(pointer != null && pointer.offset() >= 0, name + " is the place of a record, not " + pointer);
        text(name + ".topic", pointer.topic(), MOST_CHARACTERS);
    }

    /** The source of the frames is that of the sightings. */
    private static void uri(String source) throws RejectedException {
        try {
            URI.create(source);
        } catch (IllegalArgumentException e) {
            throw new RejectedException(RejectReason.BAD_MESSAGE, "frame.source is no URI: " + e.getMessage(), e);
        }
    }

    /** A camera's name begins the keys of its rows and ends there with a NUL. */
    private static void camera(String camera) throws RejectedException {
        text("camera", camera, MOST_CAMERA_CHARACTERS);
    }

    private static void text(String name, String value, int most) throws RejectedException {
        require(value != null && !value.isBlank(), name + " is missing");
        require(value.length() <= most, name + " has " + value.length() + " characters, more than " + most);
        require(
                value.chars().noneMatch(Character::isISOControl)
                        && UTF_8.newEncoder().canEncode(value),
                name + " has a control character or half of a surrogate pair");
    }

    /** CloudEvents times have years of four digits, and so has JSON's. */
    private static void time(String name, Instant time, Instant earliest) throws RejectedException {
        require(
                !time.isBefore(earliest) && time.isBefore(TOO_LATE),
                name + " is " + earliest + " to the year 9999, not " + time);
    }

    private static void require(boolean condition, String message) throws RejectedException {
        if (!condition) {
            throw new RejectedException(RejectReason.BAD_MESSAGE, message);
        }
    }
}
