package io.facestream.enrolment;

import java.util.Locale;

/** Why a labelled photo was not enrolled; its {@linkplain #code() code} travels in the answer. */
public enum EnrolmentReason {
    /** The record's key, and {@code ce_subject}, name nobody, or have no usable name. */
    NO_NAME,
    /** A CloudEvents header is malformed. */
    BAD_HEADER,
    /** No picture, or one that cannot be decoded or exceeds the bounds. */
    UNDECODABLE,
    /** Parts of the picture are made up: it was decoded with losses, or much of the face is of one colour. */
    DAMAGED,
    /** The work on it failed, and by no outage: a live model version's network yields no embedding, for example. */
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
    /** The photo was made narrower or lower without the other side: the face has not its shape. */
    SQUASHED,
    /** The embedding is shorter than the gate demands: there is too little of a face to see. */
    LOW_NORM,
    /** Somebody else who is enrolled is within the threshold, and the person's own template is not nearer. */
    LOOKS_LIKE_ANOTHER,
    /** All of the person's other photos are far from this one. */
    UNLIKE_OTHERS,
    /** The same photo is enrolled under another name. */
    ALREADY_ENROLLED_AS,
    /** The person was erased after this photo was published, or within the minute before: clocks differ. */
    ERASED;

    /** As on the wire, for example {@code no-face}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
