package io.facestream.enrolment;

import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Landmarks;
import io.facestream.frames.Picture;
import java.util.OptionalDouble;

/**
 * Detects a part of a face that has one colour, as in photos that were saved again after a part was lost. Decoders fill
 * that part, an upright rectangle, with grey, green or black.
 */
final class FlatArea {
    /** The number of cells across and down into which a face is divided. A cell is flat or not. */
    private static final int CELLS = 16;

    private static final int CHANNELS = 3;

    /** The range of a channel within one colour. JPEG causes small deviations at the edge of a filled area. */
    private static final int ONE_COLOUR = 12;

    /**
     * Limit for the detector's box. In the 1,041 LFW photos used to choose it, the greatest share is 0.07, background
     * beside a profile. If a quarter of the photo is filled, the share is 0.14 to 0.25.
     */
    private static final double MUCH_OF_BOX = 0.1;

    /**
     * Limit for the surroundings of the landmarks. A box often ends where the filled area begins, but landmarks are not
     * moved by it. On LFW the greatest share there is 0.125; if half of the photo is filled, it is 0.19 to 0.44.
     */
    private static final double MUCH_AROUND_LANDMARKS = 0.16;

    private FlatArea() {}

    /**
     * The flat share of the face, 0.1 to 1; empty if it is too small to differ from the natural flat areas of a face.
     */
    static OptionalDouble of(Picture photo, DetectedFace face) {
        double ofBox = share(photo, face.box());
        double around = share(photo, around(face.landmarks()));
        return ofBox >= MUCH_OF_BOX || around >= MUCH_AROUND_LANDMARKS
                ? OptionalDouble.of(Math.max(ofBox, around))
                : OptionalDouble.empty();
    }

    /** The area from above the brows to the chin, and from ear to ear. */
    private static Box around(Landmarks landmarks) {
        float eyesX = (landmarks.leftEye().x() + landmarks.rightEye().x()) / 2;
        float eyesY = (landmarks.leftEye().y() + landmarks.rightEye().y()) / 2;
        float mouthX = (landmarks.leftMouth().x() + landmarks.rightMouth().x()) / 2;
        float mouthY = (landmarks.leftMouth().y() + landmarks.rightMouth().y()) / 2;
        double between = Math.hypot(
                landmarks.leftEye().x() - landmarks.rightEye().x(),
                landmarks.leftEye().y() - landmarks.rightEye().y());
        float unit = (float) Math.max(1, Math.max(between, Math.hypot(eyesX - mouthX, eyesY - mouthY)));
        return new Box((eyesX + mouthX) / 2 - unit, (eyesY + mouthY) / 2 - 1.1f * unit, 2 * unit, 2.2f * unit);
    }

    /**
     * The share of the largest rectangle of one colour in that part of the photo, 0 to 1; 0 if the part is smaller than
     * the grid of cells.
     */
    private static double share(Picture photo, Box part) {
        int left = (int) Math.max(0, part.x());
        int top = (int) Math.max(0, part.y());
        int width = (int) Math.min(photo.width(), Math.ceil(part.x() + part.width())) - left;
        int height = (int) Math.min(photo.height(), Math.ceil(part.y() + part.height())) - top;
        if (width < CELLS || height < CELLS) {
            return 0;
        }
        Shades[][] cells = new Shades[CELLS][CELLS];
        byte[] row = new byte[width * CHANNELS];
        for (int y = 0; y < height; y++) {
            photo.rgb().ptr(top + y, left).get(row);
            Shades[] across = cells[y * CELLS / height];
            for (int x = 0; x < width; x++) {
                int cell = x * CELLS / width;
                if (across[cell] == null) {
                    across[cell] = Shades.none();
                }
                across[cell].add(row, x * CHANNELS);
            }
        }
        return (double) largest(cells) / (CELLS * CELLS);
    }

    /** The number of cells of the largest rectangle of one colour. */
    private static int largest(Shades[][] cells) {
        int largest = 0;
        for (int top = 0; top < CELLS; top++) {
            for (int left = 0; left < CELLS; left++) {
                Shades[] columns = new Shades[CELLS];
                int right = CELLS;
                for (int bottom = top; bottom < CELLS && right > left; bottom++) {
                    Shades all = Shades.none();
                    for (int x = left; x < right; x++) {
                        columns[x] = columns[x] == null ? cells[bottom][x] : columns[x].and(cells[bottom][x]);
                        all = all.and(columns[x]);
                        if (!all.areOne()) {
                            right = x;
                        }
                    }
                    largest = Math.max(largest, (right - left) * (bottom - top + 1));
                }
            }
        }
        return largest;
    }

    /** The smallest and the largest value of each channel. */
    private record Shades(int[] least, int[] greatest) {
        static Shades none() {
            return new Shades(new int[] {255, 255, 255}, new int[CHANNELS]);
        }

        void add(byte[] pixels, int at) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                int value = pixels[at + channel] & 0xff;
                least[channel] = Math.min(least[channel], value);
                greatest[channel] = Math.max(greatest[channel], value);
            }
        }

        Shades and(Shades other) {
            Shades both = none();
            for (int channel = 0; channel < CHANNELS; channel++) {
                both.least[channel] = Math.min(least[channel], other.least[channel]);
                both.greatest[channel] = Math.max(greatest[channel], other.greatest[channel]);
            }
            return both;
        }

        boolean areOne() {
            for (int channel = 0; channel < CHANNELS; channel++) {
                if (greatest[channel] - least[channel] > ONE_COLOUR) {
                    return false;
                }
            }
            return true;
        }
    }
}
