package io.facestream.alerts.delivery;

import java.time.Duration;

/**
 * How a target is delivered to.
 *
 * @param maxAge older news are not sent
 * @param attempts tries of an alert
 * @param mostWaiting alerts that wait at most; beyond, the oldest are dropped
 */
public record DeliverySettings(Duration maxAge, int attempts, int mostWaiting) {}
