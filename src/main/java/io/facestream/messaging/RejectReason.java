package io.facestream.messaging;

import java.util.Locale;

/** Why a record was rejected; its {@linkplain #code() code} travels in a header. */
public enum RejectReason {
    /** Neither the key nor {@code ce_subject} holds a valid camera name. */
    NO_CAMERA,
    /** A CloudEvents header is missing or malformed. */
    BAD_HEADER,
    /** A null value or 0 bytes. */
    EMPTY,
    /** More bytes than allowed. */
    TOO_LARGE,
    /** Not a JPEG, PNG or WebP picture. */
    NOT_AN_IMAGE,
    /** The header announces more pixels than allowed. */
    TOO_MANY_PIXELS,
    /** The picture ends too early. */
    TRUNCATED,
    /** The picture is of a known format, but the decoder refuses it. */
    UNDECODABLE,
    /** An earlier frame has the same {@code ce_source} and {@code ce_id}. */
    DUPLICATE_ID,
    /** It failed twice, alone in its attempt and without an outage. Report such a record to the developers. */
    PROCESSING_FAILED,
    /** It exceeded the limit of CPU time per record twice. */
    PROCESSING_TIMEOUT,
    /** Older than the camera's {@code max-frame-age}. */
    STALE,
    /** A record between stages violates its schema. */
    BAD_MESSAGE,
    /** An embedding by a model version that the gallery does not hold. */
    UNKNOWN_MODEL_VERSION;

    /** As on the wire, for example {@code not-an-image}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
