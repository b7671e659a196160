package io.facestream.alerts.outbox;

import io.facestream.alerts.target.Alert;
import java.time.Duration;
import java.util.UUID;

/**
 * An alert that this replica delivers, and no other one until the lease is over.
 *
 * @param age since the broker appended the frame of its latest face
 * @param attempt 1 for the first
 */
public record Claim(UUID id, UUID lease, Alert alert, Duration age, int attempt) {}
