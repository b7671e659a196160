package io.facestream.models;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The training of a version and its comparison with its base: the JSON of {@code model_version.metrics}.
 *
 * @param epochs of its training, in order; empty for a version that was not trained here
 * @param comparisons with its base, on people held back from training
 * @param calibration the basis of its calibration; null if unknown
 */
public record ModelMetrics(List<Epoch> epochs, List<Comparison> comparisons, CalibrationBasis calibration) {
    /** The metrics of a version without any measurements. */
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
     * @param validationTar TAR at FAR 1e-2 on the people held back; null if not measured
     * @param photosPerSecond the speed of the training
     * @param seconds that it took, with the measuring after it; null in figures of earlier builds
     * @param epochs at most of the training; null in figures of earlier builds
     */
    public record Epoch(
            int epoch,
            double loss,
            double activeShare,
            double intra,
            double inter,
            Double validationTar,
            double photosPerSecond,
            Double seconds,
            Integer epochs) {}

    /**
     * A comparison of the version with its base on the same photos.
     *
     * @param photos the kind of photos, such as {@code clean} or {@code far-camera}
     * @param far false accept rate of the figures
     * @param baseTar true accept rate there, mean over people
     * @param tar the version's
     * @param gainLow lower end of the gain's 95 % interval, paired over people
     * @param gainHigh its upper end
     * @param baseRoc the base's curve, by false accept rate; empty if omitted
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
     * The basis of a calibration.
     *
     * @param remark on its origin, one line of text
     * @param points false match rates, highest first; empty if the calibration is another version's
     */
    public record CalibrationBasis(String remark, List<CalibrationPoint> points) {
        public CalibrationBasis {
            points = points == null ? List.of() : List.copyOf(points);
        }
    }

    /**
     * A false match rate and its distances. The calibration uses the smallest distance, unless it is not below that of
     * a higher rate.
     *
     * @param rate false match rate
     * @param distance measured on the people held back
     * @param low lower end of its 95 % interval, bootstrapped over people; null if the distance was counted, or the
     *     interval is unknown
     * @param high its upper end
     * @param keepingBase distance at which the version has as many false matches as its base; null if the base was
     *     never calibrated
     * @param far distance of far faces to clear ones of others; null if that was not measured
     */
    public record CalibrationPoint(
            double rate, double distance, Double low, Double high, Double keepingBase, Double far) {
        /** The smallest of the distances. */
        public double strictest() {
            return Stream.of(distance, keepingBase, far)
                    .filter(Objects::nonNull)
                    .mapToDouble(Double::doubleValue)
                    .min()
                    .orElseThrow();
        }
    }

    /** A summary for messages: the last epoch, the comparisons without curves, the calibration. */
    public ModelMetrics summary() {
        return new ModelMetrics(
                epochs.subList(Math.max(0, epochs.size() - 1), epochs.size()),
                comparisons.stream().map(Comparison::withoutCurves).toList(),
                calibration);
    }
}
