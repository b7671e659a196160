package io.facestream.training;

import io.facestream.embeddings.FaceEmbedder;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.photos.FarCamera;
import io.facestream.training.data.Augmenter;
import io.facestream.training.data.ChipStore;
import io.facestream.training.network.NetworkGraph;
import java.io.IOException;
import java.util.List;

/**
 * Compares the norms that two networks give photos as a far camera shows them. A norm says how good a face is, so in one
 * version the norms of both have to mean the same. Training does not see to that: it looks at directions only.
 */
final class FarNorms {
    /** Enough for a mean that is right within 1 %. */
    private static final int MOST = 200;

    private FarNorms() {}

    /**
     * The mean norm under the base over that under the trained network.
     *
     * @param base zipped SavedModel
     * @param trained zipped SavedModel
     * @param photos indexes in the store, at least one; only the first {@value #MOST} are looked at
     */
    static double ratio(byte[] base, byte[] trained, ChipStore chips, List<Integer> photos) throws IOException {
        return mean(base, chips, photos) / mean(trained, chips, photos);
    }

    private static double mean(byte[] savedModel, ChipStore chips, List<Integer> photos) throws IOException {
        FarCamera camera = new FarCamera(Augmenter.SMALLEST, Augmenter.LARGEST, 1, 1);
        List<Integer> some = photos.subList(0, Math.min(MOST, photos.size()));
        double sum = 0;
        try (Network network = Network.load("norms", savedModel, ComputeDevice.CPU);
                FaceEmbedder embedder = new FaceEmbedder(network, NetworkGraph.INPUT_SIDE)) {
            for (int photo : some) {
                try (Picture chip = chips.read(photo);
                        Picture far = camera.degrade(chip, Integer.toString(photo))) {
                    sum += embedder.embed(far).norm();
                }
            }
        }
        return sum / some.size();
    }
}
