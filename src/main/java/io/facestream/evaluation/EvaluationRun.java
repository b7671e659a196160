package io.facestream.evaluation;

import io.facestream.models.ModelVersion;
import io.facestream.photos.FarCamera;
import java.util.Map;

/**
 * What a report was made with. The same photos and build give the same figures, except for times.
 *
 * @param started in UTC
 * @param seconds until the report was written
 * @param model null for detection, which uses none
 * @param baseline null without a baseline
 * @param degradation null without degradation
 * @param options of the protocol, by name
 */
public record EvaluationRun(
        String protocol,
        String started,
        double seconds,
        Model model,
        Model baseline,
        Detector detector,
        FarCamera degradation,
        long seed,
        Map<String, Object> options,
        EvaluationData data,
        Build build) {

    /** @param sha256 digest of the zipped SavedModel */
    public record Model(String version, String architecture, String sha256) {
        public static Model of(ModelVersion version) {
            return new Model(version.version(), version.architecture(), version.sha256());
        }
    }

    /**
     * @param smallestFace shorter side in pixels
     * @param device the requested device
     */
    public record Detector(String name, int smallestFace, String device) {
        @Override
        public String toString() {
            return name + " from " + smallestFace + " px, device " + device;
        }
    }
}
