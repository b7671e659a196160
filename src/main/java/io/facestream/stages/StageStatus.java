package io.facestream.stages;

import java.time.Duration;

/**
 * One loop of a stage.
 *
 * @param hasBegun whether it has got through a step since the process started
 * @param sinceLastGoodStep how long ago it last did, or was made; an idle loop gets through one every 200 ms
 * @param slowestPartition the one that has had records waiting without progress for longest, such as {@code camera-frames-3}; null
 *     where none waits
 * @param stuckFor for how long that partition has not got on
 */
public record StageStatus(
        String stage,
        String member,
        boolean hasBegun,
        Duration sinceLastGoodStep,
        String slowestPartition,
        Duration stuckFor) {}
