package io.facestream.cameras.motion;

import static org.bytedeco.opencv.global.opencv_core.CV_32S;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.bitwise_or;
import static org.bytedeco.opencv.global.opencv_imgproc.CC_STAT_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_OPEN;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_RECT;
import static org.bytedeco.opencv.global.opencv_imgproc.connectedComponentsWithStats;
import static org.bytedeco.opencv.global.opencv_imgproc.dilate;
import static org.bytedeco.opencv.global.opencv_imgproc.erode;
import static org.bytedeco.opencv.global.opencv_imgproc.getStructuringElement;
import static org.bytedeco.opencv.global.opencv_imgproc.morphologyEx;

import io.facestream.video.GreyPicture;
import java.time.Duration;
import java.util.Arrays;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * What is in front of the background. {@link Background} tells which pixels differ; here they become blobs, and blobs
 * that are light, leaves or noise are told from things.
 */
final class Scene implements AutoCloseable {
    /** What a frame shows. */
    enum Seen {
        /** The background. */
        NOTHING,
        /** Something that has not moved for a while, or has just changed everywhere. */
        SOMETHING,
        /** A thing that moves, or did not long ago. */
        ALIVE
    }

    /** The smallest blob, as a share of the picture: 24 of 192x108 pixels. */
    private static final double SMALLEST = 0.00115;

    /** A blob below three times the smallest has to be there twice in a row: rain and sparks are not. */
    private static final int SMALL = 3;

    /**
     * A thing that stands still is kept out of the background for so long. A person in front of a camera for longer
     * than this has not moved a hand in all that time, and is furniture.
     */
    private static final Duration KEPT = Duration.ofMinutes(15);

    /** A blob without any movement in it is no longer alive after so long; people are never that still. */
    private static final Duration STILL = Duration.ofSeconds(30);

    /** Pixels that come and go more often are leaves, water, a flag or a flickering lamp. Passers-by don't. */
    private static final double MOST_TOGGLES_PER_SECOND = 0.8;

    private static final double TOGGLE_SECONDS = 30;

    /** The grey levels by which a pixel differs from the last frame where something moves; noise is less. */
    private static final int MOVED = 12;

    /** The share of a blob's pixels that have moved, where it moves. */
    private static final double MOVING = 0.02;

    /** After a change of light, whoever stood there is in the new background: frames come more often for a while. */
    private static final Duration WARY = Duration.ofMinutes(10);

    /** Between two frames a thing moves by this part of the picture's width at most. */
    private static final int STEPS = 12;

    private final double fps;
    private final float frameDecay;
    private final Mat opening = getStructuringElement(MORPH_RECT, new Size(3, 3));
    private final Mat rim = getStructuringElement(MORPH_RECT, new Size(5, 5));
    private final Mat mask = new Mat();
    private final Mat labels = new Mat();
    private final Mat stats = new Mat();
    private final Mat centres = new Mat();

    private Background background;
    private int width;
    private int height;
    private byte[] last;
    /** For how many frames in a row a pixel was in a blob. */
    private int[] age;

    private byte[] kept;
    /** Blobs without their rims, which are the background's own in a {@link LocalChange}. */
    private byte[] core;

    private boolean[] before;
    private float[] toggles;
    /** What {@link #toggles} have not been multiplied with yet. */
    private float decay = 1;
    /** Whether no pixel differed from the background in the last frame. */
    private boolean empty;

    private boolean smallBefore;
    private long moved = Long.MIN_VALUE;
    private long wary = Long.MIN_VALUE;

    Scene(double fps) {
        this.fps = fps;
        frameDecay = (float) Math.exp(-1 / (fps * TOGGLE_SECONDS));
    }

    private int smallest() {
        return (int) Math.max(4, Math.round(SMALLEST * width * height));
    }

    Seen look(GreyPicture picture, long nanos) {
        byte[] pixels = picture.pixels();
        if (background == null || picture.width() != width || picture.height() != height) {
            boolean first = background == null;
            begin(picture);
            wary = nanos;
            if (first) {
                return Seen.SOMETHING;
            }
            moved = nanos;
            return Seen.ALIVE;
        }
        Background.Difference difference = background.differs(pixels, smallest());
        if (difference.changedEverywhere()) {
            if (difference.isAnotherView()) {
                background.relearn(pixels);
                Arrays.fill(age, 0);
                Arrays.fill(kept, (byte) 0);
            } else {
                background.relight(pixels, surroundings(kept));
            }
            wary = nanos;
            moved = nanos;
            last = pixels;
            return Seen.ALIVE;
        }
        boolean any = false;
        if (difference.isQuiet() && empty) {
            smallBefore = false;
            decay *= frameDecay;
        } else {
            any = blobs(difference, pixels, nanos);
        }
        background.learn(kept);
        last = pixels;
        if (any && nanos - moved <= STILL.toNanos()) {
            return Seen.ALIVE;
        }
        return any || nanos - wary <= WARY.toNanos() ? Seen.SOMETHING : Seen.NOTHING;
    }

    private void begin(GreyPicture picture) {
        if (background != null) {
            background.close();
        }
        width = picture.width();
        height = picture.height();
        int size = width * height;
        background = new Background(width, height, fps);
        background.relearn(picture.pixels());
        last = picture.pixels();
        age = new int[size];
        kept = new byte[size];
        core = new byte[size];
        before = new boolean[size];
        toggles = new float[size];
        smallBefore = false;
        empty = true;
    }

    /** Whether there are blobs. Updates what is kept out of the background. */
    private boolean blobs(Background.Difference difference, byte[] pixels, long nanos) {
        byte[] foreground = difference.foreground();
        byte[] faint = difference.faint();
        decay *= frameDecay;
        float weight = (float) ((1 - frameDecay) * fps);
        empty = true;
        for (int i = 0; i < foreground.length; i++) {
            boolean now = foreground[i] != 0;
            toggles[i] *= decay;
            if (now != before[i]) {
                toggles[i] += weight;
            }
            before[i] = now;
            empty &= !now;
            if (toggles[i] > MOST_TOGGLES_PER_SECOND) {
                foreground[i] = 0;
                faint[i] = 0;
            }
        }
        decay = 1;
        int[] label = label(foreground, faint);
        boolean[] counts = count(difference, label, nanos, pixels);
        int mostKept = (int) Math.min(Integer.MAX_VALUE, KEPT.toSeconds() * fps);
        boolean any = false;
        for (int i = 0; i < label.length; i++) {
            boolean in = counts[label[i]];
            any |= in;
            age[i] = in ? age[i] + 1 : 0;
            kept[i] = (byte) (in && age[i] <= mostKept ? 255 : 0);
        }
        empty &= !any;
        return any;
    }

    /** What is kept, and where it may have gone since the last frame. */
    private boolean[] surroundings(byte[] kept) {
        boolean[] near = new boolean[kept.length];
        int reach = 2 * (width / STEPS) + 1;
        try (Mat raw = new Mat(height, width, CV_8UC1);
                Mat wide = new Mat();
                Size size = new Size(reach, reach);
                Mat element = getStructuringElement(MORPH_RECT, size)) {
            raw.data().put(kept);
            dilate(raw, wide, element);
            byte[] grown = new byte[kept.length];
            wide.data().get(grown);
            for (int i = 0; i < grown.length; i++) {
                near[i] = grown[i] != 0;
            }
        }
        return near;
    }

    private int[] label(byte[] foreground, byte[] faint) {
        try (Mat raw = new Mat(height, width, CV_8UC1);
                Mat inner = new Mat()) {
            raw.data().put(foreground);
            morphologyEx(raw, mask, MORPH_OPEN, opening);
            raw.data().put(faint);
            erode(raw, inner, rim);
            bitwise_or(mask, inner, inner);
            inner.data().get(core);
            bitwise_or(mask, raw, mask);
        }
        connectedComponentsWithStats(mask, labels, stats, centres, 8, CV_32S);
        int[] label = new int[width * height];
        new IntPointer(labels.data()).get(label);
        return label;
    }

    /** For each component whether it counts as a thing. */
    private boolean[] count(Background.Difference difference, int[] label, long nanos, byte[] pixels) {
        int components = stats.rows();
        boolean[] counts = new boolean[components];
        int smallest = smallest();
        boolean small = false;
        int[] areas = new int[components];
        for (int c = 1; c < components; c++) {
            areas[c] = stats.ptr(c, CC_STAT_AREA).getInt();
        }
        int[] inside = label.clone();
        for (int i = 0; i < inside.length; i++) {
            inside[i] = core[i] == 0 ? 0 : label[i];
        }
        double[] likeness = difference.likeness(inside, components);
        for (int c = 1; c < components; c++) {
            boolean large = areas[c] >= SMALL * smallest;
            if (areas[c] < smallest || likeness[c] > Background.ONLY_LIGHT) {
                continue;
            }
            small |= !large;
            counts[c] = large || smallBefore;
        }
        smallBefore = small;
        noteMovement(label, counts, areas, pixels, nanos);
        return counts;
    }

    private void noteMovement(int[] label, boolean[] counts, int[] areas, byte[] pixels, long nanos) {
        int[] changed = new int[counts.length];
        for (int i = 0; i < label.length; i++) {
            if (counts[label[i]] && Math.abs((pixels[i] & 0xff) - (last[i] & 0xff)) > MOVED) {
                changed[label[i]]++;
            }
        }
        for (int c = 1; c < counts.length; c++) {
            if (counts[c] && changed[c] >= Math.max(2, MOVING * areas[c])) {
                moved = nanos;
            }
        }
    }

    @Override
    public void close() {
        if (background != null) {
            background.close();
        }
        opening.close();
        rim.close();
        mask.close();
        labels.close();
        stats.close();
        centres.close();
    }
}
