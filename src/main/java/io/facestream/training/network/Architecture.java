package io.facestream.training.network;

import io.facestream.models.ShippedModel;
import java.util.Locale;
import java.util.Optional;

/** The networks that can be trained. */
public enum Architecture {
    /** The shipped network, fine-tuned from one of its versions: MobileFaceNet (Chen et al. 2018), 192 dimensions. */
    MOBILEFACENET(192),

    /**
     * The network of FaceNet_TF-2.0: ResNet50 (He et al. 2015) with batch normalisation, 128 dimensions. Trained from
     * random weights or from one of its versions.
     */
    RESNET50(128);

    private final int dimensions;

    Architecture(int dimensions) {
        this.dimensions = dimensions;
    }

    /** The dimensions of its embeddings. */
    public int dimensions() {
        return dimensions;
    }

    /**
     * The network to start from. Of a base that has two, for near and for far faces, it is the first.
     *
     * @param base zipped SavedModel; empty for random weights
     * @throws IllegalArgumentException if the base is not a version of this architecture, or is missing where one is
     *     needed
     */
    public NetworkGraph network(Optional<byte[]> base, long seed) {
        if (base.isEmpty() && this == MOBILEFACENET) {
            throw new IllegalArgumentException(label() + " is fine-tuned from one of its versions: none was given");
        }
        NetworkGraph layers = this == MOBILEFACENET
                ? NetworkGraph.read(ShippedModel.weights())
                : ResNet50.withRandomWeights(dimensions, seed);
        if (base.isEmpty()) {
            return layers;
        }
        NetworkGraph network = NearFarGraph.near(NetworkGraph.read(base.get()));
        layers.requireSameLayers(network, label());
        return network;
    }

    /** Its name in the registry and in commands: {@code mobilefacenet}, {@code resnet50}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
