package io.facestream.bench.gate;

import io.facestream.cameras.motion.Verdict;
import java.time.Duration;

/** Counts what a gate lets pass of frames whose truth is known. */
final class GateTally {
    private final double fps;
    private final long held;
    private long occupied;
    private long occupiedPassed;
    private long empty;
    private long emptyHeld;
    private long emptyKeptAlive;
    private long emptyOpen;
    private long emptyFor;
    private long gap;
    private long longestGap;
    private long openWhileEmpty;
    private long longestOpenWhileEmpty;
    private int visits;
    private int visitsLost;
    private long visitFrames;
    private boolean visitSeen;

    /** @param hold of the gate: for so long it is right to be open when somebody has left */
    GateTally(double fps, Duration hold) {
        this.fps = fps;
        held = (long) Math.floor(hold.toNanos() / 1e9 * fps);
        cut();
    }

    /**
     * What came of it. Frames with less than half of a face count for neither.
     *
     * @param occupiedPassed share of the frames with somebody that passed
     * @param emptyPassed share of the others that passed: the sum of the next three
     * @param emptyHeld by the hold after somebody had left
     * @param emptyKeptAlive as keep-alives
     * @param emptyOpen because the gate took something for motion
     * @param longestGapSeconds longest time without a frame while somebody was there
     * @param longestOpenSeconds longest time in which the gate was open although nobody was there
     * @param visitsLost visits of a second or more of which no frame passed
     */
    record Result(
            long occupied,
            double occupiedPassed,
            long empty,
            double emptyPassed,
            double emptyHeld,
            double emptyKeptAlive,
            double emptyOpen,
            double longestGapSeconds,
            double longestOpenSeconds,
            int visits,
            int visitsLost) {}

    /** Another scene begins. */
    void cut() {
        endVisit();
        emptyFor = held;
        gap = 0;
        openWhileEmpty = 0;
    }

    void frame(GateScene.Presence presence, Verdict verdict) {
        switch (presence) {
            case SOMEBODY -> somebody(verdict.passes());
            case PARTLY -> emptyFor = 0;
            case NOBODY -> nobody(verdict);
        }
    }

    private void somebody(boolean passes) {
        emptyFor = 0;
        openWhileEmpty = 0;
        occupied++;
        occupiedPassed += passes ? 1 : 0;
        gap = passes ? 0 : gap + 1;
        longestGap = Math.max(longestGap, gap);
        visitFrames++;
        visitSeen |= passes;
    }

    private void nobody(Verdict verdict) {
        endVisit();
        gap = 0;
        empty++;
        emptyFor++;
        if (verdict == Verdict.KEEP_ALIVE) {
            emptyKeptAlive++;
        } else if (verdict == Verdict.OPEN) {
            emptyHeld += emptyFor <= held ? 1 : 0;
            emptyOpen += emptyFor <= held ? 0 : 1;
        }
        openWhileEmpty = verdict == Verdict.OPEN ? openWhileEmpty + 1 : 0;
        longestOpenWhileEmpty = Math.max(longestOpenWhileEmpty, openWhileEmpty);
    }

    private void endVisit() {
        if (visitFrames >= fps) {
            visits++;
            visitsLost += visitSeen ? 0 : 1;
        }
        visitFrames = 0;
        visitSeen = false;
    }

    Result result() {
        endVisit();
        return new Result(
                occupied,
                occupied == 0 ? 1 : occupiedPassed / (double) occupied,
                empty,
                ofEmpty(emptyHeld + emptyKeptAlive + emptyOpen),
                ofEmpty(emptyHeld),
                ofEmpty(emptyKeptAlive),
                ofEmpty(emptyOpen),
                longestGap / fps,
                longestOpenWhileEmpty / fps,
                visits,
                visitsLost);
    }

    private double ofEmpty(long frames) {
        return empty == 0 ? 0 : frames / (double) empty;
    }
}
