package io.facestream.identities;

import io.facestream.faces.Quality;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * One number for how good a view of a face is: the share of such faces of enrolled people that would be told right. A
 * logistic regression on what is known of a face without a gallery:
 *
 * <pre>
 *  n = (norm - 60) / 20                  d = ln(1 - confidence)
 *  b = ln(brightness / 100)              s = ln(sharpness)
 *  log odds = c . (1, n, n^2, d, d^2, b, b^2, s, s^2, |yaw| / 45, |pitch| / 45, |roll| / 45)
 * </pre>
 *
 * <p>It belongs to one recognition network and one detector, whose norms and confidences it knows. What is beyond the
 * range of the faces that it was fitted on is clamped to it.
 *
 * @param source what it was fitted on
 * @param coefficients {@value #FEATURES}, in the order above
 */
public record QualityScore(String source, List<Double> coefficients) {
    public static final int FEATURES = 12;

    /** Written by {@code evaluate quality}; for the shipped network and the detector {@code rfb}. */
    private static final String SHIPPED = "/models/mobilefacenet-quality.json";

    public QualityScore {
        coefficients = List.copyOf(coefficients);
        if (coefficients.size() != FEATURES || !coefficients.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("not " + FEATURES + " coefficients: " + coefficients);
        }
    }

    /** The score of the shipped network's faces. */
    public static QualityScore shipped() {
        try (InputStream resource = QualityScore.class.getResourceAsStream(SHIPPED)) {
            if (resource == null) {
                throw new IllegalStateException("the build lacks " + SHIPPED);
            }
            return Json.read(resource.readAllBytes(), QualityScore.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RejectedException e) {
            throw new IllegalStateException("the build's " + SHIPPED + " is broken: " + e.getMessage(), e);
        }
    }

    /**
     * The share of such faces that would be told right, 0 to 1.
     *
     * @param quality with the norm
     * @param confidence of the detector, 0 to 1
     */
    public double of(Quality quality, float confidence) {
        double[] features = features(quality, confidence);
        double logOdds = 0;
        for (int i = 0; i < FEATURES; i++) {
            logOdds += coefficients.get(i) * features[i];
        }
        return 1 / (1 + Math.exp(-logOdds));
    }

    /** The factors of the coefficients, in the same order. */
    public static double[] features(Quality quality, float confidence) {
        double norm = (clamped(quality.norm(), 25, 100) - 60) / 20;
        double doubt = Math.log(clamped(1.0 - confidence, 1e-7, 1));
        double brightness = Math.log(clamped(quality.brightness(), 4, 255) / 100);
        double sharpness = Math.log(clamped(quality.sharpness(), 1, 20_000));
        return new double[] {
            1,
            norm,
            norm * norm,
            doubt,
            doubt * doubt,
            brightness,
            brightness * brightness,
            sharpness,
            sharpness * sharpness,
            turned(quality.pose().yaw()),
            turned(quality.pose().pitch()),
            turned(quality.pose().roll())
        };
    }

    private static double turned(double degrees) {
        return clamped(Math.abs(degrees), 0, 60) / 45;
    }

    private static double clamped(double value, double least, double most) {
        return Math.max(least, Math.min(most, value));
    }
}
