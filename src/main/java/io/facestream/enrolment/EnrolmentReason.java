package io.facestream.enrolment;

import java.util.Locale;

/** Why a labelled photo was not enrolled; its {@linkplain #code() code} travels in the answer. */
public enum EnrolmentReason {
    /** Neither the record's key nor {@code ce_subject} holds a valid name. */
    NO_NAME,
    /** A CloudEvents header is malformed. */
    BAD_HEADER,
    /** Not a picture, or a picture that cannot be decoded or exceeds the bounds. */
    UNDECODABLE,
    /** Parts of the picture are missing: it was decoded with losses, or much of the face is of one colour. */
    DAMAGED,
    /** Processing failed without an outage: for example, a live model version's network yields no valid embedding. */
    PROCESSING_FAILED,
    /** No face was found. */
    NO_FACE,
    /** Several faces, none of them much larger than the others. */
    SEVERAL_FACES,
    /** The face is smaller than the gate demands. */
    TOO_SMALL,
    /** The face is less sharp than the gate demands. */
    TOO_BLURRED,
    /** The photo lies on its side, or upside down. */
    TURNED,
    /** The photo's edge cuts the face. */
    CUT_OFF,
    /** The photo was squeezed in one direction, so that the face is distorted. */
    SQUASHED,
    /** The embedding's norm is below the gate: too little of the face is visible. */
    LOW_NORM,
    /** Somebody else who is enrolled is within the threshold, and the person's own template is not nearer. */
    LOOKS_LIKE_ANOTHER,
    /** The photo is far from all of the person's other photos. */
    UNLIKE_OTHERS,
    /** The same photo, or the same picture in another file, is enrolled under another name. */
    ALREADY_ENROLLED_AS,
    /**
     * The person was erased after this photo was published, or within the minute before, to allow for differing clocks.
     */
    ERASED;

    /** The code in messages, for example {@code no-face}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
