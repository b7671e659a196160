package io.facestream.identities;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.facestream.embeddings.EmbeddedFace;
import io.facestream.faces.Box;
import io.facestream.faces.Face;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Quality;
import io.facestream.faces.StageMillis;
import io.facestream.frames.FrameInfo;
import io.facestream.gallery.Neighbour;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RecordPointer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The identity of one face of one frame: the JSON of {@code identity-events}. Contains no template and no embedding.
 * In JSON the fields of {@code origin} and {@code judgement} are fields of the event itself.
 *
 * @param schemaVersion of this JSON; increases when the meaning of a field changes
 * @param eventId unique per source, the same after a replay
 * @param face its position and quality
 * @param liveness how sure a network is that it is no picture of a face, 0 to 1. It is advice, and no decision rests on
 *     it; absent if it is switched off, or the face was not near or not whole enough to be asked about
 * @param modelVersion the network that embedded the face
 * @param galleryRevision of the gallery that was searched
 * @param pointers the places of frame, chip and embedding
 * @param millis time spent per stage
 */
public record IdentityEvent(
        int schemaVersion,
        String eventId,
        @JsonUnwrapped Origin origin,
        EventFace face,
        Float liveness,
        @JsonUnwrapped Judgement judgement,
        String modelVersion,
        long galleryRevision,
        Pointers pointers,
        StageMillis millis) {
    /** The {@code ce_type} of its records. */
    public static final String TYPE = CloudEventRecords.type("identity-event");

    private static final int SCHEMA_VERSION = 1;

    /**
     * The frame that shows the face.
     *
     * @param source a URI reference
     * @param capturedAt by the camera's clock, else when the broker appended the frame
     * @param frameSize of the upright picture, in pixels
     * @param damaged true if parts of the frame were lost and filled in by a decoder; else absent
     */
    public record Origin(
            String source, String camera, String frameId, Instant capturedAt, Size frameSize, Boolean damaged) {
        static Origin of(FrameInfo frame) {
            return new Origin(
                    frame.source(),
                    frame.camera(),
                    frame.id(),
                    frame.capturedAt(),
                    new Size(frame.width(), frame.height()),
                    frame.damaged());
        }
    }

    /**
     * Who it is, and what that rests on.
     *
     * @param reason why it is UNKNOWN whatever the distance: too poor to judge, or ruled out by hand; else absent
     * @param identityId the person with the nearest template; present only if KNOWN
     * @param name of that person; present only if KNOWN
     * @param strangerId the kept stranger whose face it is; present only if UNKNOWN
     * @param distance to the nearest template, L2 of unit vectors, 0 to 2; absent if the gallery is empty
     * @param probability that the face is the first candidate's, 0 to 1; absent if the gallery is empty, the candidate
     *     was ruled out by hand, or the model version was not calibrated
     * @param strangerShare of the faces, as the probability assumes it
     * @param threshold in force
     * @param separation in force
     * @param candidates the nearest identities, nearest first
     */
    public record Judgement(
            Identification.Decision decision,
            Identification.Reason reason,
            UUID identityId,
            String name,
            UUID strangerId,
            Float distance,
            Float probability,
            Double strangerShare,
            float threshold,
            float separation,
            List<Candidate> candidates) {
        public static Judgement of(Matcher.Match match) {
            Identification identification = match.identification();
            Neighbour person = identification instanceof Identification.Known known ? known.match() : null;
            return new Judgement(
                    identification.decision(),
                    identification instanceof Identification.Unknown unknown ? unknown.reason() : null,
                    person == null ? null : person.identityId(),
                    person == null ? null : person.name(),
                    match.strangerId(),
                    match.candidates().isEmpty()
                            ? null
                            : match.candidates().get(0).distance(),
                    match.probability(),
                    match.strangerShare(),
                    match.rule().threshold(),
                    match.rule().separation(),
                    match.candidates());
        }
    }

    /** Pixels. */
    public record Size(int width, int height) {}

    /** The face, without the facts about its frame, which the event has itself. */
    public record EventFace(
            int index, Box box, BoxRatios boxRatios, float confidence, Landmarks landmarks, Quality quality) {
        static EventFace of(Face face) {
            return new EventFace(
                    face.index(),
                    face.box(),
                    BoxRatios.of(face.box(), face.frame().width(), face.frame().height()),
                    face.confidence(),
                    face.landmarks(),
                    face.quality());
        }
    }

    /** A box as fractions of the frame's width and height, 0 to 1. */
    public record BoxRatios(float left, float top, float width, float height) {
        public static BoxRatios of(Box box, int width, int height) {
            return new BoxRatios(box.x() / width, box.y() / height, box.width() / width, box.height() / height);
        }
    }

    /** The places of the records behind this event. */
    public record Pointers(RecordPointer frame, RecordPointer chip, RecordPointer embedding) {}

    static IdentityEvent of(EmbeddedFace embedded, RecordPointer embedding, Matcher.Match match, float matchingMillis) {
        Face face = embedded.face();
        return new IdentityEvent(
                SCHEMA_VERSION,
                face.id(),
                Origin.of(face.frame()),
                EventFace.of(face),
                face.liveness(),
                Judgement.of(match),
                embedded.modelVersion(),
                match.galleryRevision(),
                new Pointers(face.frame().pointer(), embedded.chip(), embedding),
                face.millis().withMatching(matchingMillis));
    }
}
