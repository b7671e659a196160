package io.facestream.training.data;

import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.training.network.NetworkGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A network's embeddings of chips as they are: unit vectors, computed at the first request. */
public final class ClearEmbeddings implements AutoCloseable {
    private final ChipStore chips;
    private final Network network;
    private final FaceEmbedder embedder;
    private final boolean mirrored;

    /** By index. Takes four bytes a dimension, of a chip that takes 75 kB on disk: 0.8 kB, or 2.8 kB of the pair. */
    private final Map<Integer, float[]> known = new HashMap<>();

    /**
     * @param name of the network, for messages
     * @param weights zipped SavedModel
     * @param mirrored whether each is averaged with that of its mirror image, as in galleries
     */
    public ClearEmbeddings(String name, byte[] weights, boolean mirrored, ChipStore chips) {
        this.chips = chips;
        this.mirrored = mirrored;
        network = Network.load(name, weights, ComputeDevice.CPU);
        embedder = new FaceEmbedder(network, NetworkGraph.INPUT_SIDE);
    }

    /** The unit vectors of chips, in their order. */
    public float[][] of(List<Integer> indexes) throws IOException {
        List<Integer> unknown = indexes.stream()
                .distinct()
                .filter(index -> !known.containsKey(index))
                .toList();
        List<Picture> pictures = new ArrayList<>();
        try {
            for (int index : unknown) {
                pictures.add(chips.read(index));
            }
            List<Embedding> embeddings = mirrored ? embedder.embedWithMirrorImage(pictures) : embedder.embed(pictures);
            for (int i = 0; i < unknown.size(); i++) {
                known.put(unknown.get(i), embeddings.get(i).vector());
            }
        } finally {
            pictures.forEach(Picture::close);
        }
        return indexes.stream().map(known::get).toArray(float[][]::new);
    }

    @Override
    public void close() {
        embedder.close();
        network.close();
    }
}
