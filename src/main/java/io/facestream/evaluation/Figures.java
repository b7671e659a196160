package io.facestream.evaluation;

/** How figures are named and written. */
final class Figures {
    private Figures() {}

    /** A power of ten as reports name it: {@code 1e-3}. */
    static String power(double rate) {
        return "1e" + Math.round(Math.log10(rate));
    }

    /** A figure that is not defined is null in reports, not a number. */
    static Double orNull(double figure) {
        return Double.isFinite(figure) ? figure : null;
    }
}
