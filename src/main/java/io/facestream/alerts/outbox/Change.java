package io.facestream.alerts.outbox;

/**
 * What became of an alert.
 *
 * @param state {@code waiting}, {@code cancelled}, or {@code late}: expired when it was first read
 */
public record Change(String target, String state) {}
