package io.facestream.sightings.tracking;

import io.facestream.sightings.vote.Poll;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.OptionalDouble;

/** The faces of one person in a row: where they are and how they look. */
public final class Track {
    private Motion motion;
    private final Appearance appearance;

    private Track(Motion motion, Appearance appearance) {
        this.motion = motion;
        this.appearance = appearance;
    }

    /** @param millis time of the frame on the camera's own scale, on which times of one camera only ever grow */
    public static Track of(SeenFace face, long millis) {
        Track track = new Track(Motion.of(face.box(), millis), new Appearance());
        track.look(face);
        return track;
    }

    /** Goes on with the next face. */
    public void add(SeenFace face, long millis) {
        motion = motion.then(face.box(), millis);
        look(face);
    }

    private void look(SeenFace face) {
        appearance.add(face.modelVersion(), face.vector(), Poll.weight(face.quality()));
    }

    /** Goes on with the faces of a later track of the same person. */
    public void add(Track later) {
        motion = later.motion;
        appearance.merge(later.appearance);
    }

    /** Cosine distance of the two tracks' looks, 0 to 2; empty if no model version saw both. */
    public OptionalDouble distance(Track other) {
        return appearance.distance(other.appearance);
    }

    Motion motion() {
        return motion;
    }

    Appearance appearance() {
        return appearance;
    }

    public void write(DataOutput out) throws IOException {
        motion.write(out);
        appearance.write(out);
    }

    public static Track read(DataInput in) throws IOException {
        return new Track(Motion.read(in), Appearance.read(in));
    }
}
