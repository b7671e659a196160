package io.facestream.training;

import io.facestream.models.Calibration;
import io.facestream.models.ComputeDevice;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelVersion;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

final class CandidateReview {
    CandidateReview(ComputeDevice device) {}

    record Review(
            boolean isWorse,
            String reason,
            List<ModelMetrics.Comparison> comparisons,
            Calibration calibration,
            float threshold) {}

    Review review(
            ModelVersion base,
            byte[] baseWeights,
            byte[] candidate,
            ChipStore chips,
            TrainingSet set,
            TrainingSettings settings)
            throws IOException {
        return new Review(false, "not measured", List.of(), base.calibration(), base.threshold());
    }

    static Optional<String> objection(FineTune command, List<ModelMetrics.Comparison> comparisons) {
        return Optional.of("not measured");
    }
}
