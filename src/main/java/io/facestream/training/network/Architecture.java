package io.facestream.training.network;

import io.facestream.models.ShippedModel;
import java.util.Locale;
import java.util.Optional;

/** Which network is trained. */
public enum Architecture {
    /** The one that ships, fine-tuned from a version of it: MobileFaceNet (Chen et al. 2018), 192 dimensions. */
    MOBILEFACENET(192),

    /**
     * The one of FaceNet_TF-2.0: ResNet50 (He et al. 2015) with batch normalisation, 128 dimensions, from random weights or from a
     * version of it.
     */
    RESNET50(128);

    private final int dimensions;

    Architecture(int dimensions) {
        this.dimensions = dimensions;
    }

    /** Of its embeddings. */
    public int dimensions() {
        return dimensions;
    }

    /**
     * The network to start from.
     *
     * @param base zipped SavedModel; empty for random weights
     * @throws IllegalArgumentException if it is no version of this architecture, or there is none where one is needed
     */
    public NetworkGraph network(Optional<byte[]> base, long seed) {
        if (base.isEmpty() && this == MOBILEFACENET) {
            throw new IllegalArgumentException(label() + " is fine-tuned from a version of it: none was given");
        }
        NetworkGraph layers = this == MOBILEFACENET
                ? NetworkGraph.read(ShippedModel.weights())
                : ResNet50.withRandomWeights(dimensions, seed);
        if (base.isEmpty()) {
            return layers;
        }
        NetworkGraph network = NetworkGraph.read(base.get());
        layers.requireSameLayers(network, label());
        return network;
    }

    /** As the registry and the commands have it: {@code mobilefacenet}, {@code resnet50}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
