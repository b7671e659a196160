package io.facestream.enrolment;

import io.facestream.faces.Quality;
import io.facestream.models.ModelVersion;
import java.util.Locale;
import java.util.Optional;

/** Decides whether a face is good enough for a template. */
public final class QualityGate {
    /**
     * The default least norm, as a multiple of the smallest norm in the model version's calibration, which includes
     * degraded photos: 46 for the shipped network. 0.1 % of LFW is below it, and a sixth to a half of turned faces.
     */
    private static final float NORM_OF_CALIBRATED = 1.46f;

    private final EnrolmentConfig config;

    public QualityGate(EnrolmentConfig config) {
        this.config = config;
    }

    /**
     * Why a face is not good enough for a template; empty if it is good enough.
     *
     * @param quality with the norm, if the face was embedded
     * @param version the version that embedded it
     */
    public Optional<EnrolmentRejection> check(Quality quality, ModelVersion version) {
        if (quality.size() < config.minFaceSize()) {
            return Optional.of(new EnrolmentRejection(
                    EnrolmentReason.TOO_SMALL,
                    "the face is " + Math.round(quality.size()) + " px, less than " + config.minFaceSize()
                            + " (facestream.enrolment.min-face-size)"));
        }
        if (quality.sharpness() < config.minSharpness()) {
            return Optional.of(new EnrolmentRejection(
                    EnrolmentReason.TOO_BLURRED,
                    "the sharpness is " + quality.sharpness() + ", less than " + config.minSharpness()
                            + " (facestream.enrolment.min-sharpness)"));
        }
        float minNorm = config.minNorm()
                .or(() -> version.calibration().leastNorm().map(norm -> norm * NORM_OF_CALIBRATED))
                .orElse(0f);
        if (quality.norm() != null && quality.norm() < minNorm) {
            return Optional.of(new EnrolmentRejection(
                    EnrolmentReason.LOW_NORM,
                    String.format(
                            Locale.ROOT,
                            "too little of the face is visible: the norm is %.1f, less than %.1f"
                                    + " (facestream.enrolment.min-norm)",
                            quality.norm(),
                            minNorm)));
        }
        return Optional.empty();
    }
}
