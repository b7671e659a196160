package io.facestream.sightings.visits;

import io.facestream.faces.Quality;
import io.facestream.sightings.message.BestShot;
import io.facestream.sightings.rows.Fields;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Which shot of a visit is the best one. */
final class Best {
    /** The height of the networks' input, in pixels: larger faces are no better. */
    private static final double LARGE = 112;

    private static final float STEEPEST = 80;

    private Best() {}

    /**
     * How good a view is: the length of its embedding, reduced for turned and for small faces. Differs from a vote's
     * weight, where a large face counts no more than a middling one: a shot is there to be looked at.
     */
    static double score(Quality quality) {
        double length = quality.norm() == null ? 1 : quality.norm();
        double pose = cosine(quality.pose().yaw()) * cosine(quality.pose().pitch());
        return length * pose * Math.sqrt(Math.min(1, Math.max(1, quality.size()) / LARGE));
    }

    private static double cosine(float degrees) {
        return Math.cos(Math.toRadians(Math.min(STEEPEST, Math.abs(degrees))));
    }

    static void write(DataOutput out, BestShot best) throws IOException {
        out.writeUTF(best.eventId());
        Fields.write(out, best.capturedAt());
        Fields.write(out, best.quality());
        Fields.write(out, best.box());
        Fields.write(out, best.pointers());
    }

    static BestShot read(DataInput in) throws IOException {
        return new BestShot(
                in.readUTF(), Fields.readTime(in), Fields.readQuality(in), Fields.readBox(in), Fields.readPointers(in));
    }
}
