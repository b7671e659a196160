package io.facestream.models;

import java.util.List;

/**
 * How a version came about and what it is worth beside its base: the JSON of {@code model_version.metrics}.
 *
 * @param epochs of its training, in order; none for a version that was not trained here
 * @param comparisons with its base, on people held back from training
 * @param calibration what the calibration it was made with rests on; null if nothing is known of that
 */
public record ModelMetrics(List<Epoch> epochs, List<Comparison> comparisons, CalibrationBasis calibration) {
    /** Of a version of which nothing was measured. */
    public static final ModelMetrics NONE = new ModelMetrics(List.of(), List.of(), null);

    public ModelMetrics {
        epochs = epochs == null ? List.of() : List.copyOf(epochs);
        comparisons = comparisons == null ? List.of() : List.copyOf(comparisons);
    }

    /**
     * An epoch of training.
     *
     * @param epoch from 1
     * @param loss mean triplet loss
     * @param activeShare share of the pairs, or triplets, with a loss above 0
     * @param intra mean distance between photos of one person: L2 of unit vectors, 0 to 2
     * @param inter mean distance between different people's centres
     * @param validationTar TAR at FAR 1e-2 on the people held back; null where it was not measured
     * @param photosPerSecond that the training went through
     */
    public record Epoch(
            int epoch,
            double loss,
            double activeShare,
            double intra,
            double inter,
            Double validationTar,
            double photosPerSecond) {}

    /**
     * The version beside its base on the same photos.
     *
     * @param photos which ones, such as {@code clean} or {@code far-camera}
     * @param far false accept rate of the figures
     * @param baseTar true accept rate there, mean over people
     * @param tar the version's
     * @param gainLow lower end of the gain's 95 % interval, paired over people
     * @param gainHigh its upper end
     * @param baseRoc the base's curve, by false accept rate; none where it is left out
     * @param roc the version's
     */
    public record Comparison(
            String photos,
            double far,
            double baseTar,
            double tar,
            double gainLow,
            double gainHigh,
            List<RocPoint> baseRoc,
            List<RocPoint> roc) {
        public Comparison {
            baseRoc = baseRoc == null ? List.of() : List.copyOf(baseRoc);
            roc = roc == null ? List.of() : List.copyOf(roc);
        }

        private Comparison withoutCurves() {
            return new Comparison(photos, far, baseTar, tar, gainLow, gainHigh, List.of(), List.of());
        }
    }

    /** A point of a receiver operating characteristic. */
    public record RocPoint(double far, double tar) {}

    /**
     * What a calibration rests on.
     *
     * @param remark on how it came about, in words, one line
     * @param points false match rates, highest first; none if the calibration is another version's
     */
    public record CalibrationBasis(String remark, List<CalibrationPoint> points) {
        public CalibrationBasis {
            points = points == null ? List.of() : List.copyOf(points);
        }
    }

    /**
     * A false match rate and its distances. The calibration has the smaller one, unless it is not below that of a higher rate.
     *
     * @param rate false match rate
     * @param distance by the people held back
     * @param low lower end of its 95 % interval, bootstrapped over people; null where it was counted, or cannot be told
     * @param high its upper end
     * @param keepingBase within which the version has as many of them as its base; null if the base was never calibrated
     */
    public record CalibrationPoint(double rate, double distance, Double low, Double high, Double keepingBase) {
        /** The smaller one of the distances. */
        public double stricter() {
            return keepingBase == null ? distance : Math.min(distance, keepingBase);
        }
    }

    /** What fits into a message: the last epoch, the comparisons without their curves, the calibration. */
    public ModelMetrics summary() {
        return new ModelMetrics(
                epochs.subList(Math.max(0, epochs.size() - 1), epochs.size()),
                comparisons.stream().map(Comparison::withoutCurves).toList(),
                calibration);
    }
}
