package io.facestream.enrolment;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.facestream.faces.Quality;
import io.facestream.gallery.FaceSample;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RecordPointer;
import java.util.UUID;

/** The answer to a labelled photo: the JSON of {@code enrolments}. Its {@code outcome} is the kind of answer. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EnrolmentAnswer.Accepted.class, name = "ACCEPTED"),
    @JsonSubTypes.Type(value = EnrolmentAnswer.Rejected.class, name = "REJECTED")
})
public sealed interface EnrolmentAnswer {
    /** The {@code ce_type} of its records. */
    String TYPE = CloudEventRecords.type("enrolment");

    int SCHEMA_VERSION = 1;

    /** The publisher's {@code ce_id}, or the record's place for a plain record. */
    String photoId();

    /** The place of the photo's record. */
    RecordPointer photo();

    /** Of the photo, in hexadecimal. */
    String sha256();

    /** Of the person; null if the record names nobody. */
    String name();

    /** Of the face; null if none was embedded. */
    Quality quality();

    /**
     * The photo counts in the person's template, perhaps since before.
     *
     * @param notice a remark: whom else it looks like, whose name is nearly the same; null for none
     * @param identityId the person's id
     */
    record Accepted(
            int schemaVersion,
            String photoId,
            RecordPointer photo,
            String sha256,
            String name,
            String notice,
            UUID identityId,
            UUID sampleId,
            Quality quality)
            implements EnrolmentAnswer {
        static Accepted of(LabelledFace photo, String sha256, FaceSample sample, String notice) {
            return new Accepted(
                    SCHEMA_VERSION,
                    photo.id(),
                    photo.pointer(),
                    sha256,
                    photo.name(),
                    notice,
                    sample.identity.id,
                    sample.id,
                    sample.quality);
        }
    }

    /**
     * The photo does not count.
     *
     * @param reason an {@linkplain EnrolmentReason#code() enrolment reason's code}
     * @param message the reason in words
     */
    record Rejected(
            int schemaVersion,
            String photoId,
            RecordPointer photo,
            String sha256,
            String name,
            String reason,
            String message,
            Quality quality)
            implements EnrolmentAnswer {
        static Rejected of(
                String photoId, RecordPointer photo, String sha256, String name, EnrolmentRejection rejection) {
            return new Rejected(
                    SCHEMA_VERSION,
                    photoId,
                    photo,
                    sha256,
                    name,
                    rejection.reason().code(),
                    rejection.getMessage(),
                    rejection.quality().orElse(null));
        }
    }
}
