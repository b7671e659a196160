package io.facestream.cameras.states;

import io.facestream.cameras.sending.FrameSender;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Tells how the cameras of one {@link FrameSender} do, as they change, and so often that silence says something. */
public final class StateReports {
    static final Duration RENEWAL = Duration.ofMinutes(2);

    private final FrameSender sender;
    private final String replica;
    private final Map<String, CameraReport> told = new HashMap<>();
    private final Map<String, Long> toldAt = new HashMap<>();

    /** @param replica this process */
    public StateReports(FrameSender sender, String replica) {
        this.sender = sender;
        this.replica = replica;
    }

    /**
     * Looks at a camera; called several times a second.
     *
     * @param why it fails; null where it does not
     * @param lastFrame when a frame of it was last sent; null if none was
     */
    public void look(String camera, CameraReport.State state, String why, Instant lastFrame) {
        CameraReport before = told.get(camera);
        String shown = why == null ? null : CameraReport.shown(why);
        boolean isNews = before == null
                || before.state() != state
                || shown != null && !shown.equals(before.why())
                || System.nanoTime() - toldAt.get(camera) > RENEWAL.toNanos();
        if (isNews) {
            Instant now = Instant.now();
            Instant since = before == null ? now : before.beginningOf(state, now);
            tell(camera, new CameraReport(state, since, shown, replica, lastFrame));
        }
    }

    private void tell(String camera, CameraReport state) {
        told.put(camera, state);
        toldAt.put(camera, System.nanoTime());
        sender.tell(camera, CameraStatesTopic.record(camera, state));
    }

    /** This process films it no longer, and knows of nobody who does. */
    public void stopped(String camera, Instant lastFrame) {
        if (told.remove(camera) != null) {
            CameraReport end = new CameraReport(CameraReport.State.STOPPED, Instant.now(), null, replica, lastFrame);
            sender.tell(camera, CameraStatesTopic.record(camera, end));
        }
    }

    /** Somebody else tells of it from now on. */
    public void left(String camera) {
        told.remove(camera);
    }

    /** There is no such camera any more. */
    public void gone(String camera) {
        if (told.remove(camera) != null) {
            sender.tell(camera, CameraStatesTopic.tombstone(camera));
        }
    }
}
