package io.facestream.stages;

import java.time.Duration;

/**
 * The state of one loop of a stage.
 *
 * @param hasBegun whether it has completed a step since the process started
 * @param sinceLastGoodStep time since its last completed step, or since its creation; an idle loop completes one every
 *     200 ms
 * @param slowestPartition the partition whose records have waited longest without progress, such as {@code
 *     camera-frames-3}; null if no records wait
 * @param stalledFor how long that partition has made no progress
 */
public record StageStatus(
        String stage,
        String member,
        boolean hasBegun,
        Duration sinceLastGoodStep,
        String slowestPartition,
        Duration stalledFor) {}
