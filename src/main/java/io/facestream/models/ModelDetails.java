package io.facestream.models;

import java.time.Instant;
import java.util.UUID;

/**
 * Everything that the registry knows about a version.
 *
 * @param parent the version it was trained from; null if none
 * @param predecessor the version that was active when this one was promoted, the target of a rollback; null if none
 * @param trainingCommand the command that trained it; null if none
 * @param activatedAt when it last became active; null if it never was
 * @param retiredAt when it was retired; null if it is live
 * @param removed whether its embeddings, templates and weights have been deleted
 * @param bytes of its weights, zipped
 * @param missingSamples samples without an embedding under it; must be 0 before it is promoted
 * @param missingTemplates identities whose template under it is missing or lacks samples
 */
public record ModelDetails(
        ModelVersion version,
        String parent,
        String predecessor,
        UUID trainingCommand,
        Instant createdAt,
        Instant activatedAt,
        Instant retiredAt,
        boolean removed,
        long bytes,
        long missingSamples,
        long missingTemplates,
        ModelMetrics metrics) {}
