package io.facestream.bench;

/**
 * How fast frames were worked on.
 *
 * @param cpuMillis CPU time of this process a frame
 */
record TimedFrames(double framesPerSecond, double cpuMillis) {
    /** Runs from when it is made. */
    static final class Timer {
        private final long cpu = ProcessCpu.nanos();
        private final long started = System.nanoTime();

        TimedFrames stop(int frames) {
            long nanos = System.nanoTime() - started;
            return new TimedFrames(frames / (nanos / 1e9), (ProcessCpu.nanos() - cpu) / 1e6 / frames);
        }
    }
}
