package io.facestream.cameras.motion;

/**
 * By how much the light has changed, place by place: the ratio of the sums over a place's surroundings, without those
 * pixels where things are. Light changes smoothly; shadows with sharp edges are left.
 */
final class LightChange {
    /** The surroundings of a place: as far as this part of the picture's width. */
    private static final int SURROUNDINGS = 6;

    /** Keeps the ratio of dark pixels from being noise. */
    private static final int PEDESTAL = 16;

    private final int width;
    private final int height;
    /** Sums over all pixels above and left, with a row and a column of zeros. */
    private final double[] now;

    private final double[] then;

    /** @param thing whether a pixel may be part of a thing */
    LightChange(byte[] before, byte[] after, boolean[] thing, int width, int height) {
        this.width = width;
        this.height = height;
        now = sums(after, thing);
        then = sums(before, thing);
    }

    private double[] sums(byte[] pixels, boolean[] thing) {
        double[] sums = new double[(width + 1) * (height + 1)];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                int at = (y + 1) * (width + 1) + x + 1;
                double value = thing[i] ? 0 : (pixels[i] & 0xff) + PEDESTAL;
                sums[at] = value + sums[at - 1] + sums[at - width - 1] - sums[at - width - 2];
            }
        }
        return sums;
    }

    /** A picture in the new light. */
    byte[] of(byte[] picture) {
        byte[] lit = new byte[picture.length];
        for (int i = 0; i < lit.length; i++) {
            double value = ((picture[i] & 0xff) + PEDESTAL) * ratio(i) - PEDESTAL;
            lit[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
        }
        return lit;
    }

    /** Of a pixel; where things cover all its surroundings, those farther away count. */
    private double ratio(int pixel) {
        for (int reach = width / SURROUNDINGS + 1; reach < 2 * width; reach *= 2) {
            double before = around(then, pixel, reach);
            if (before > 0) {
                return around(now, pixel, reach) / before;
            }
        }
        return 1;
    }

    private double around(double[] sums, int pixel, int reach) {
        int top = Math.max(0, pixel / width - reach) * (width + 1);
        int bottom = Math.min(height, pixel / width + reach + 1) * (width + 1);
        int left = Math.max(0, pixel % width - reach);
        int right = Math.min(width, pixel % width + reach + 1);
        return sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left];
    }
}
