package io.facestream.cameras.motion;

import static org.bytedeco.opencv.global.opencv_core.CV_32S;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.CC_STAT_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_OPEN;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_RECT;
import static org.bytedeco.opencv.global.opencv_imgproc.connectedComponentsWithStats;
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

    private final double fps;
    private final Mat opening = getStructuringElement(MORPH_RECT, new Size(3, 3));
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
    private boolean[] before;
    private float[] toggles;
    private boolean smallBefore;
    private long moved = Long.MIN_VALUE;
    private long wary = Long.MIN_VALUE;

    Scene(double fps) {
        this.fps = fps;
    }

    Seen look(GreyPicture picture, long nanos) {
        byte[] pixels = picture.pixels();
        if (background == null || picture.width() != width || picture.height() != height) {
            begin(picture);
            wary = nanos;
            moved = nanos;
            return Seen.ALIVE;
        }
        Background.Difference difference = background.differs(pixels);
        if (difference.changedEverywhere()) {
            background.relearn(pixels);
            Arrays.fill(age, 0);
            Arrays.fill(kept, (byte) 0);
            wary = nanos;
            moved = nanos;
            last = pixels;
            return Seen.ALIVE;
        }
        boolean[] blobs = blobs(difference, pixels, nanos);
        background.learn(kept);
        last = pixels;
        boolean any = blobs != null;
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
        before = new boolean[size];
        toggles = new float[size];
        smallBefore = false;
    }

    /** Which pixels are in blobs; null if there is none. Updates what is kept out of the background. */
    private boolean[] blobs(Background.Difference difference, byte[] pixels, long nanos) {
        byte[] foreground = difference.foreground();
        double decay = Math.exp(-1 / (fps * TOGGLE_SECONDS));
        float weight = (float) ((1 - decay) * fps);
        for (int i = 0; i < foreground.length; i++) {
            boolean now = foreground[i] != 0;
            toggles[i] *= (float) decay;
            if (now != before[i]) {
                toggles[i] += weight;
            }
            before[i] = now;
            if (toggles[i] > MOST_TOGGLES_PER_SECOND) {
                foreground[i] = 0;
            }
        }
        int[] label = label(foreground);
        boolean[] counts = count(difference, label, nanos, pixels);
        int mostKept = (int) Math.min(Integer.MAX_VALUE, KEPT.toSeconds() * fps);
        boolean any = false;
        boolean[] blobs = new boolean[foreground.length];
        for (int i = 0; i < label.length; i++) {
            boolean in = counts[label[i]];
            any |= in;
            blobs[i] = in;
            age[i] = in ? age[i] + 1 : 0;
            kept[i] = (byte) (in && age[i] <= mostKept ? 255 : 0);
        }
        return any ? blobs : null;
    }

    private int[] label(byte[] foreground) {
        try (Mat raw = new Mat(height, width, CV_8UC1)) {
            raw.data().put(foreground);
            morphologyEx(raw, mask, MORPH_OPEN, opening);
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
        int smallest = (int) Math.max(4, Math.round(SMALLEST * width * height));
        boolean small = false;
        int[] areas = new int[components];
        for (int c = 1; c < components; c++) {
            areas[c] = stats.ptr(c, CC_STAT_AREA).getInt();
        }
        double[] likeness = difference.likeness(label, components);
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
        mask.close();
        labels.close();
        stats.close();
        centres.close();
    }
}
