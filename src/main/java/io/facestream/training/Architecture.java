package io.facestream.training;

import java.util.Locale;

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

    /** As the registry and the commands have it: {@code mobilefacenet}, {@code resnet50}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
