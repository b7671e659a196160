package io.facestream.stages;

/** Settings for a stage as a test wants them. */
record TestStageConfig(boolean enabled, int loops, int maxPollRecords) implements StageConfig {
    TestStageConfig(int loops, int maxPollRecords) {
        this(true, loops, maxPollRecords);
    }
}
