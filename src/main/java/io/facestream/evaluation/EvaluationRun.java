package io.facestream.evaluation;

import io.facestream.models.ModelVersion;
import io.facestream.photos.FarCamera;
import java.util.Map;

/**
 * With what a report was made: who has the same photos and build gets the same figures, but for times.
 *
 * @param started in UTC
 * @param seconds until the report was written
 * @param model null for detection, which has none
 * @param baseline null unless there is one
 * @param degradation null unless there is any
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

    /** @param sha256 of the zipped SavedModel */
    public record Model(String version, String architecture, String sha256) {
        public static Model of(ModelVersion version) {
            return new Model(version.version(), version.architecture(), version.sha256());
        }
    }

    /**
     * @param smallestFace shorter side in pixels
     * @param device that was asked for
     */
    public record Detector(String name, int smallestFace, String device) {
        @Override
        public String toString() {
            return name + " from " + smallestFace + " px, device " + device;
        }
    }
}
