package io.facestream.messaging;

import java.time.Duration;

/** One loop of a stage, and how long ago it last got through a step; an idle loop does so every 200 ms. */
public record StageStatus(String stage, String member, Duration sinceLastGoodStep) {}
