package io.facestream.calibration;

/** How figures are named and written. */
public final class Figures {
    private Figures() {}

    /** A power of ten as reports name it: {@code 1e-3}. */
    public static String power(double rate) {
        return "1e" + Math.round(Math.log10(rate));
    }

    /** A figure that is not defined is null in reports, not a number. */
    public static Double orNull(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }
}
