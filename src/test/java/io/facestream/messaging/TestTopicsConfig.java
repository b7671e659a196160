package io.facestream.messaging;

/** Settings for topics as a test wants them. */
public record TestTopicsConfig(int partitions, boolean create) implements TopicsConfig {}
