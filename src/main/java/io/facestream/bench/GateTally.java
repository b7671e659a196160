package io.facestream.bench;

import io.facestream.cameras.motion.Verdict;

/** Counts what a gate lets pass of frames whose truth is known. */
final class GateTally {
    private final double fps;
    private long occupied;
    private long occupiedPassed;
    private long empty;
    private long emptyPassed;
    private long gap;
    private long longestGap;
    private long openWhileEmpty;
    private long longestOpenWhileEmpty;
    private int visits;
    private int visitsLost;
    private long visitFrames;
    private boolean visitSeen;

    GateTally(double fps) {
        this.fps = fps;
    }

    /**
     * What came of it.
     *
     * @param occupiedPassed share of the frames with somebody that passed
     * @param emptyPassed share of the others that passed, keep-alives included
     * @param longestGapSeconds longest time without a frame while somebody was there
     * @param longestOpenSeconds longest time in which the gate was open although nobody was there
     * @param visitsLost visits of a second or more of which no frame passed
     */
    record Result(
            long occupied,
            double occupiedPassed,
            long empty,
            double emptyPassed,
            double longestGapSeconds,
            double longestOpenSeconds,
            int visits,
            int visitsLost) {}

    void frame(boolean somebody, Verdict verdict) {
        boolean passes = verdict.passes();
        if (somebody) {
            occupied++;
            occupiedPassed += passes ? 1 : 0;
            gap = passes ? 0 : gap + 1;
            longestGap = Math.max(longestGap, gap);
            visitFrames++;
            visitSeen |= passes;
            openWhileEmpty = 0;
            return;
        }
        endVisit();
        gap = 0;
        empty++;
        emptyPassed += passes ? 1 : 0;
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
                empty == 0 ? 0 : emptyPassed / (double) empty,
                longestGap / fps,
                longestOpenWhileEmpty / fps,
                visits,
                visitsLost);
    }
}
