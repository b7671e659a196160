package io.facestream.enrolment;

import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Landmarks;
import io.facestream.frames.Picture;
import java.util.OptionalDouble;

/**
 * Whether a part of a face is of one colour, as in photos that were saved anew after a part of them was lost: decoders fill that
 * part with grey, green or black. It is then an upright rectangle.
 */
final class FlatArea {
    /** A face is divided into so many cells across and down; a cell is flat or not. */
    private static final int CELLS = 16;

    private static final int CHANNELS = 3;

    /** By how much a channel's values may differ within one colour: JPEG leaves a few at the edge of a painted area. */
    private static final int ONE_COLOUR = 12;

    /**
     * Of the detector's box. Of the 1,041 LFW photos that this was chosen on the greatest share is 0.07, background beside a
     * profile; a painted quarter of the photo gives 0.14 to 0.25.
     */
    private static final double MUCH_OF_BOX = 0.1;

    /**
     * Of the landmarks' surroundings: a box often ends where the painted area begins, landmarks lie where they would without it.
     * There the greatest share is 0.125, and a painted half of the photo gives 0.19 to 0.44.
     */
    private static final double MUCH_AROUND_LANDMARKS = 0.16;

    private FlatArea() {}

    /** The share of the face that is flat, 0.1 to 1; empty where it is too small to tell from what a face has of one colour. */
    static OptionalDouble of(Picture photo, DetectedFace face) {
        double ofBox = share(photo, face.box());
        double around = share(photo, around(face.landmarks()));
        return ofBox >= MUCH_OF_BOX || around >= MUCH_AROUND_LANDMARKS
                ? OptionalDouble.of(Math.max(ofBox, around))
                : OptionalDouble.empty();
    }

    /** From above the brows to the chin, and from ear to ear. */
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

    /** Of that part of the photo, the share of its largest rectangle of one colour, 0 to 1; 0 where a cell would have no pixel. */
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

    /** Of all rectangles of one colour, the number of cells of the largest. */
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

    /** The least and the greatest value of each channel. */
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
