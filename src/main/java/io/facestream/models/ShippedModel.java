package io.facestream.models;

import io.facestream.messaging.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The recognition network inside the build: MobileFaceNet (Chen et al. 2018), 192 dimensions. It becomes the first version of an
 * empty registry.
 */
public final class ShippedModel {
    private static final String RESOURCE = "/models/mobilefacenet.zip";

    /**
     * At this distance 1 % of strangers take the name of one of 384 enrolled samples (open-set identification on the
     * photos of 1,241 people in folds 1-3 of LFW); with a smaller gallery fewer do.
     */
    private static final float THRESHOLD = 0.933f;

    /** More costs missed people and buys nothing. */
    private static final float SEPARATION = 0.05f;

    private ShippedModel() {}

    /** The zipped SavedModel. */
    public static byte[] weights() {
        try (InputStream resource = ShippedModel.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the build lacks " + RESOURCE);
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ModelVersion version(byte[] weights) {
        return new ModelVersion(
                "mobilefacenet-1",
                "mobilefacenet",
                192,
                112,
                true,
                ModelVersion.Status.ACTIVE,
                THRESHOLD,
                SEPARATION,
                Sha256.hex(weights));
    }
}
