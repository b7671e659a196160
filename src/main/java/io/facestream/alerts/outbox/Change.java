package io.facestream.alerts.outbox;

/**
 * What became of an alert.
 *
 * @param state {@code waiting}, {@code expired} or {@code cancelled}
 */
public record Change(String target, String state) {}
