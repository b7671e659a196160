package io.facestream.enrolment;

import io.facestream.faces.Quality;
import io.facestream.gallery.FaceSample;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RecordPointer;
import java.util.UUID;

/**
 * What came of a labelled photo: the JSON of {@code enrolments}.
 *
 * @param photoId the publisher's {@code ce_id}, or the record's place for a plain record
 * @param photo where the photo lies
 * @param sha256 of the photo, in hexadecimal
 * @param name of the person; absent where nobody is named
 * @param outcome accepted, also where the photo had been enrolled before, or rejected
 * @param reason why it was rejected, an {@linkplain EnrolmentReason#code() enrolment reason's code}
 * @param message the same in words
 * @param notice what there is to say of a photo that was accepted: whom it looks like, whose name is nearly the same
 * @param identityId the person's, where the photo was accepted
 * @param sampleId the sample's, likewise
 * @param quality of the face, where one was embedded
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
