package io.facestream.gallery;

import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.frames.Picture;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.sql.SQLException;
import java.util.List;

/** A version's network, which embeds chips in the form that the gallery stores. Serves one thread at a time. */
public final class Recognition implements AutoCloseable {
    private final ModelVersion version;
    private final Network network;
    private final FaceEmbedder embedder;

    private Recognition(ModelVersion version, Network network) {
        this.version = version;
        this.network = network;
        this.embedder = new FaceEmbedder(network, version.inputSide());
    }

    public static Recognition load(ModelRegistry registry, ModelVersion version, ComputeDevice device)
            throws SQLException {
        return new Recognition(version, Network.load(version.version(), registry.weights(version), device));
    }

    /**
     * The embeddings of chips, in order; averaged with those of their mirror images if the version requires it.
     *
     * @throws NoEmbeddingException if the network yields no valid embedding of a chip
     */
    public List<Embedding> embed(List<Picture> chips) {
        return version.mirrorAveraging() ? embedder.embedWithMirrorImage(chips) : embedder.embed(chips);
    }

    @Override
    public void close() {
        embedder.close();
        network.close();
    }
}
