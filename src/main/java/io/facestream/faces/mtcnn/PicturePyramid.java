package io.facestream.faces.mtcnn;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * The sizes in which a picture is searched for faces, largest first. Each is shrunk from the previous one, and all are
 * laid out on two canvases of about the same area:
 *
 * <pre>
 *  +-------------+   +---------+------+----+
 *  |      0      |   |    1    |   2  | 3  |
 *  |             |   |         |      +--+-+
 *  |             |   |         +---+--+4 |
 *  +-------------+   +---------+-5-+--+--+
 * </pre>
 *
 * <p>The network therefore runs twice instead of ten times, without using more memory. Sides and positions are even
 * because the network moves in steps of two pixels: each window is judged as if its size were alone on the canvas.
 */
final class PicturePyramid {
    private static final int CANVASES = 2;

    private final List<List<Level>> canvases = new ArrayList<>();

    /**
     * A size on its canvas, in pixels.
     *
     * @param x of its left edge, even
     * @param y of its top edge, even
     */
    record Level(int x, int y, int width, int height) {
        Mat on(Mat canvas) {
            try (Rect place = new Rect(x, y, width, height)) {
                return canvas.apply(place);
            }
        }
    }

    /** A column of a canvas, filled from the top. */
    private static final class Column {
        private final int x;
        private int filled;

        Column(int x) {
            this.x = x;
        }
    }

    /**
     * @param scale of the largest size, above 0
     * @param factor from each size to the next, above 0 and below 1
     * @param leastSide smallest side of a size, even; the pyramid is empty if even the largest size is smaller
     */
    PicturePyramid(int width, int height, double scale, double factor, int leastSide) {
        List<Level> sizes = new ArrayList<>();
        for (double s = scale; Math.min(width, height) * s >= leastSide; s *= factor) {
            sizes.add(new Level(0, 0, even(width * s), even(height * s)));
        }
        if (!sizes.isEmpty()) {
            canvases.add(sizes.subList(0, 1));
        }
        if (sizes.size() > 1) {
            canvases.add(sideBySide(sizes.subList(1, sizes.size())));
        }
    }

    private static int even(double side) {
        return 2 * (int) Math.round(side / 2);
    }

    private static List<Level> sideBySide(List<Level> sizes) {
        int height = sizes.get(0).height();
        int width = 0;
        List<Column> columns = new ArrayList<>();
        List<Level> placed = new ArrayList<>();
        for (Level size : sizes) {
            Column column = columns.stream()
                    .filter(before -> before.filled + size.height() <= height)
                    .findFirst()
                    .orElse(null);
            if (column == null) {
                column = new Column(width);
                columns.add(column);
                width += size.width();
            }
            placed.add(new Level(column.x, column.filled, size.width(), size.height()));
            column.filled += size.height();
        }
        return placed;
    }

    /** The number of canvases, 0 to {@value #CANVASES}. */
    int canvases() {
        return canvases.size();
    }

    List<Level> levels(int canvas) {
        return canvases.get(canvas);
    }

    int width(int canvas) {
        return levels(canvas).stream()
                .mapToInt(level -> level.x() + level.width())
                .max()
                .getAsInt();
    }

    int height(int canvas) {
        return levels(canvas).get(0).height();
    }

    /**
     * Draws the sizes of one canvas.
     *
     * @param larger the picture, or the size before the first one of this canvas
     * @param target as large as the canvas
     * @return the smallest size, a view of {@code target}; close it
     */
    Mat draw(int canvas, Mat larger, Mat target) {
        try (Scalar black = new Scalar(0, 0, 0, 0)) {
            target.put(black);
        }
        Mat smallest = null;
        for (Level level : levels(canvas)) {
            Mat shrunk = level.on(target);
            resize(smallest == null ? larger : smallest, shrunk, shrunk.size(), 0, 0, INTER_AREA);
            if (smallest != null) {
                smallest.close();
            }
            smallest = shrunk;
        }
        return smallest;
    }
}
