package io.facestream.gallery;

import io.facestream.faces.Quality;
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
 * @param identityId the person's, where the photo's face was found
 * @param sampleId the sample's, kept also below the quality gate
 * @param quality of the face, where one was found
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
                null);
    }

    static EnrolmentAnswer of(LabelledFace photo, String sha256, FaceSample sample, EnrolmentRejection belowGate) {
        return new EnrolmentAnswer(
                SCHEMA_VERSION,
                photo.id(),
                photo.pointer(),
                sha256,
                photo.name(),
                sample.enrolled ? Outcome.ACCEPTED : Outcome.REJECTED,
                belowGate == null ? null : belowGate.reason().code(),
                belowGate == null ? null : belowGate.getMessage(),
                sample.identity.id,
                sample.id,
                sample.quality);
    }
}
