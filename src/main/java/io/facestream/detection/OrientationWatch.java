package io.facestream.detection;

import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Notices cameras that are mounted upside down or sideways, whose faces are found poorly and never named. Landmarks do
 * not show it, because the detector puts the eyes above the mouth even in a face upside down. Therefore a frame without
 * a clear face is occasionally searched in other orientations too. If faces are clearer in the same orientation several
 * times in a row, the camera is named in the log; nothing else happens. Thread-safe.
 */
final class OrientationWatch {
    /** How often in a row faces must be clearer in one orientation. False positives rarely are three times. */
    static final int RUNNING = 3;

    private static final Logger LOG = Logger.getLogger(OrientationWatch.class);

    /** MTCNN's confidence in upside-down faces is 0.75 to 0.98, in the same faces upright 1.00 (40 people of LFW). */
    private static final float CLEARER = 0.02f;

    /** Pause between looks, which doubles each time, because cameras are rarely turned later. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** A look takes three times as long as the frame itself, which is too long for larger pictures. */
    private static final int MOST_PIXELS = 4_000_000;

    private static final List<Integer> WAYS = List.of(180, 90, 270);

    private final CameraSettings settings;
    private final CameraMetrics metrics;
    private final Clock clock;
    private final Map<String, State> cameras = new ConcurrentHashMap<>();

    OrientationWatch(CameraSettings settings, CameraMetrics metrics, Clock clock) {
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The state of a camera. */
    private static final class State {
        private Instant next = Instant.MIN;
        private Duration pause = FIRST_PAUSE;
        private int way;
        private int running;
    }

    /**
     * Examines a frame if a look is due.
     *
     * @param views the faces that were found in it
     * @param finder the finder that found them
     */
    void look(String camera, Picture picture, List<FaceView> views, FaceFinder finder) {
        float clearest = views.isEmpty() ? 0 : views.get(0).face().confidence();
        if (clearest > 1 - CLEARER
                || (long) picture.width() * picture.height() > MOST_PIXELS
                || !cameras.containsKey(camera) && cameras.size() >= CameraMetrics.MOST_CAMERAS) {
            return;
        }
        State state = cameras.computeIfAbsent(camera, first -> new State());
        synchronized (state) {
            if (clock.instant().isBefore(state.next)) {
                return;
            }
            judge(camera, state, clearestWay(picture, clearest, finder));
        }
    }

    /** The rotation that makes faces clearer; 0 for none. */
    private static int clearestWay(Picture picture, float clearest, FaceFinder finder) {
        int best = 0;
        float most = clearest + CLEARER;
        for (int way : WAYS) {
            try (Picture turned = picture.turned(way)) {
                float confidence = finder.greatestConfidence(turned);
                if (confidence > most) {
                    most = confidence;
                    best = way;
                }
            }
        }
        return best;
    }

    private void judge(String camera, State state, int way) {
        if (way != 0 && (state.running == 0 || way == state.way)) {
            state.way = way;
            state.running++;
            if (state.running < RUNNING) {
                return;
            }
            state.pause = LONGEST_PAUSE;
            metrics.turned(camera);
            LOG.warnf(
                    "camera %s: faces are clearer when its pictures are turned by %d degrees; if it is mounted so,"
                            + " set facestream.detection.cameras.\"%s\".rotation=%d",
                    camera, way, camera, (settings.rotation(camera) + way) % 360);
        }
        state.running = 0;
        state.next = clock.instant().plus(state.pause);
        Duration twice = state.pause.multipliedBy(2);
        state.pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
}
