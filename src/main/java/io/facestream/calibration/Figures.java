package io.facestream.calibration;

/** Names and formats of figures. */
public final class Figures {
    private Figures() {}

    /** A power of ten as reports write it: {@code 1e-3}. */
    public static String power(double rate) {
        return "1e" + Math.round(Math.log10(rate));
    }

    /** Null for a figure that is NaN or infinite: reports have no other number for it. */
    public static Double orNull(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }
}
