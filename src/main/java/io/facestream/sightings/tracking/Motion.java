package io.facestream.sightings.tracking;

import io.facestream.faces.Box;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Where a face is, and where it goes at constant velocity. Immutable.
 *
 * @param x of the box's centre, in pixels
 * @param y of the box's centre, in pixels
 * @param size longer side of the box, in pixels
 * @param vx pixels a second
 * @param vy pixels a second
 * @param millis time of the last box, on the camera's own scale
 */
record Motion(float x, float y, float size, float vx, float vy, long millis) {
    /** Share of the velocity seen between the last two boxes; boxes jitter by a tenth of their size. */
    private static final float NEW_VELOCITY = 0.5f;

    /** Nobody goes straight on for longer out of sight. */
    private static final long LONGEST_PREDICTION_MILLIS = 600;

    static Motion of(Box box, long millis) {
        return new Motion(centreX(box), centreY(box), longer(box), 0, 0, millis);
    }

    /** The motion with one more box, at a time not before the last one. */
    Motion then(Box box, long now) {
        if (now <= millis) {
            return new Motion(centreX(box), centreY(box), longer(box), vx, vy, millis);
        }
        float seconds = (now - millis) / 1000f;
        float newVx = (centreX(box) - x) / seconds;
        float newVy = (centreY(box) - y) / seconds;
        boolean first = vx == 0 && vy == 0;
        float share = first ? 1 : NEW_VELOCITY;
        return new Motion(
                centreX(box), centreY(box), longer(box), vx + share * (newVx - vx), vy + share * (newVy - vy), now);
    }

    /**
     * Distance of a box from where the face is expected, in units of the larger box; the smaller one of the distances
     * from the prediction and from the last place, since people stop and turn.
     */
    double distance(Box box, long now) {
        float seconds = Math.max(0, Math.min(LONGEST_PREDICTION_MILLIS, now - millis)) / 1000f;
        double dx = centreX(box) - x;
        double dy = centreY(box) - y;
        double fromPrediction = Math.hypot(dx - vx * seconds, dy - vy * seconds);
        double fromLast = Math.hypot(dx, dy);
        return Math.min(fromPrediction, fromLast) / Math.max(size, longer(box));
    }

    /** How much larger one box is than the other, 1 or more. */
    double growth(Box box) {
        double ratio = longer(box) / size;
        return Math.max(ratio, 1 / ratio);
    }

    void write(DataOutput out) throws IOException {
        out.writeFloat(x);
        out.writeFloat(y);
        out.writeFloat(size);
        out.writeFloat(vx);
        out.writeFloat(vy);
        out.writeLong(millis);
    }

    static Motion read(DataInput in) throws IOException {
        return new Motion(
                in.readFloat(), in.readFloat(), in.readFloat(), in.readFloat(), in.readFloat(), in.readLong());
    }

    private static float centreX(Box box) {
        return box.x() + box.width() / 2;
    }

    private static float centreY(Box box) {
        return box.y() + box.height() / 2;
    }

    private static float longer(Box box) {
        return Math.max(box.width(), box.height());
    }
}
