package io.facestream.models;

import java.time.Instant;
import java.util.UUID;

/**
 * Everything the registry knows of a version.
 *
 * @param parent the version it was trained from; null if none
 * @param predecessor the version that was active when this one was promoted, where rolling back leads; null if none
 * @param trainingCommand that made it; null if none
 * @param activatedAt when it last became the active one; null if it never was
 * @param retiredAt when it was retired; null if it is live
 * @param removed whether its embeddings, templates and weights have been deleted
 * @param bytes of its weights, zipped
 * @param missingSamples samples without an embedding under it: 0 for a version that can be promoted
 * @param missingTemplates identities whose template under it is absent or leaves out samples
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
