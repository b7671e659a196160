package io.facestream.gallery;

import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.frames.Picture;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The networks of all live model versions, each loaded at first use and kept until its version is no longer live.
 * Serves one thread at a time.
 */
public final class LiveNetworks implements AutoCloseable {
    private final ModelRegistry registry;
    private final PerLiveVersion<Recognition> recognitions;

    public LiveNetworks(ModelRegistry registry, ComputeDevice device) {
        this.registry = registry;
        this.recognitions =
                new PerLiveVersion<>(version -> Recognition.load(registry, version, device), Recognition::close);
    }

    /**
     * Embeds a chip under every live version. Takes tenths of seconds, and seconds where a network is loaded first:
     * call it outside transactions, and see in the one that writes whether {@link LiveEmbeddings#areOf these} versions
     * are still live.
     *
     * @throws RejectedException {@link RejectReason#PROCESSING_FAILED} if a network yields no valid embedding of it
     * @throws IllegalStateException if no version is active
     */
    public LiveEmbeddings embed(Picture chip) throws SQLException, RejectedException {
        List<ModelVersion> versions = registry.live();
        recognitions.retain(versions);
        Map<String, Embedding> embeddings = new HashMap<>();
        for (ModelVersion version : versions) {
            embeddings.put(version.version(), embed(version, chip));
        }
        return new LiveEmbeddings(active(versions), embeddings);
    }

    private Embedding embed(ModelVersion version, Picture chip) throws SQLException, RejectedException {
        try {
            return recognitions.of(version).embed(List.of(chip)).get(0);
        } catch (NoEmbeddingException e) {
            throw new RejectedException(
                    RejectReason.PROCESSING_FAILED, "model version " + version.version() + ": " + e.getMessage());
        }
    }

    private static ModelVersion active(List<ModelVersion> versions) {
        return versions.stream()
                .filter(version -> version.status() == ModelVersion.Status.ACTIVE)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no model version is active: run `facestream migrate`"));
    }

    @Override
    public void close() {
        recognitions.retain(List.of());
    }
}
