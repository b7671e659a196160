package io.facestream.sightings.visits;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.faces.Box;
import io.facestream.frames.FrameInfo;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.identities.Identification.Decision;
import io.facestream.sightings.tracking.SeenFace;

/**
 * Of which visits the stranger is kept.
 *
 * @param minFaces good faces of a visit; one is enough if the face came back
 * @param minFaceSize least shorter side of the box of a good face, in pixels
 * @param minSharpness least sharpness of a good face
 */
public record StrangerRules(int minFaces, float minFaceSize, float minSharpness) {
    /** The most shots of a visit that are kept. */
    public static final int MOST_SHOTS = GalleryCommand.MOST_SHOTS;

    /** As they are set, whether or not strangers are kept. */
    public static StrangerRules of(StrangersConfig config) {
        return new StrangerRules(config.minFaces(), config.minFaceSize(), config.minSharpness());
    }

    /**
     * Whether a face is nobody's by its distances, and shows enough: it is not cut by the frame's edge, nor blurred.
     */
    boolean isGood(SeenFace face, FrameInfo frame) {
        Box box = face.box();
        boolean isWhole = box.x() > 0
                && box.y() > 0
                && box.x() + box.width() < frame.width()
                && box.y() + box.height() < frame.height();
        return face.verdict().decision() == Decision.UNKNOWN
                && face.verdict().isJudged()
                && isWhole
                && face.quality().size() >= minFaceSize
                && face.quality().sharpness() >= minSharpness;
    }
}
