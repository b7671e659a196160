package io.facestream.enrolment;

import io.facestream.faces.Quality;
import io.facestream.gallery.FaceSample;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RecordPointer;
import java.util.UUID;

/**
 * The answer to a labelled photo: the JSON of {@code enrolments}.
 *
 * @param photoId the publisher's {@code ce_id}, or the record's place for a plain record
 * @param photo the place of the photo's record
 * @param sha256 of the photo, in hexadecimal
 * @param name of the person; absent if the record names nobody
 * @param outcome accepted, even if the photo was enrolled before, or rejected
 * @param reason why it was rejected, an {@linkplain EnrolmentReason#code() enrolment reason's code}
 * @param message the reason in words
 * @param notice a remark on an accepted photo: whom else it looks like, whose name is nearly the same
 * @param identityId the person's id, if the photo was accepted
 * @param sampleId the sample's id, likewise
 * @param quality of the face, if one was embedded
 */
public record EnrolmentAnswer(
        int schemaVersion,
        String photoId,
        RecordPointer photo,
        String sha256,
        String name,
        Outcome outcome,
        String reason,
        String message,
        String notice,
        UUID identityId,
        UUID sampleId,
        Quality quality) {
    /** The {@code ce_type} of its records. */
    public static final String TYPE = CloudEventRecords.type("enrolment");

    private static final int SCHEMA_VERSION = 1;

    /** Whether the photo counts in the person's template. */
    public enum Outcome {
        ACCEPTED,
        REJECTED
    }

    static EnrolmentAnswer rejected(
            String photoId, RecordPointer photo, String sha256, String name, EnrolmentRejection rejection) {
        return new EnrolmentAnswer(
                SCHEMA_VERSION,
                photoId,
                photo,
                sha256,
                name,
                Outcome.REJECTED,
                rejection.reason().code(),
                rejection.getMessage(),
                null,
                null,
                null,
                rejection.quality().orElse(null));
    }

    static EnrolmentAnswer accepted(LabelledFace photo, String sha256, FaceSample sample, String notice) {
        return new EnrolmentAnswer(
                SCHEMA_VERSION,
                photo.id(),
                photo.pointer(),
                sha256,
                photo.name(),
                Outcome.ACCEPTED,
                null,
                null,
                notice,
                sample.identity.id,
                sample.id,
                sample.quality);
    }
}
