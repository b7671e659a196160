package io.facestream.gallery;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many templates each version has. Counting them is slow, so it is done once per revision. It is repeated after a
 * while, because the transaction of the revision may not have been committed at the first count.
 */
public final class GalleryStates {
    /** From this size on, a few templates more or less do not change the threshold. */
    private static final int MANY_TEMPLATES = 5_000;

    private static final long COUNT_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final Map<String, Counted> states = new ConcurrentHashMap<>();

    /** A state and the time when it was read. */
    private record Counted(GalleryState state, long at) {}

    /** Counts a version's templates. */
    public interface Count {
        GalleryState read() throws SQLException;
    }

    /**
     * The state at a revision, which may be remembered.
     *
     * @param count called if it is not
     */
    public GalleryState of(String version, long revision, Count count) throws SQLException {
        Counted known = states.get(version);
        if (known != null && System.nanoTime() - known.at() < COUNT_AGAIN_NANOS) {
            GalleryState state = known.state();
            if (state.revision() == revision) {
                return state;
            }
            if (state.templates() >= MANY_TEMPLATES) {
                return new GalleryState(revision, state.templates(), state.distanceShift());
            }
        }
        GalleryState state = count.read();
        states.put(version, new Counted(state, System.nanoTime()));
        return state;
    }
}
