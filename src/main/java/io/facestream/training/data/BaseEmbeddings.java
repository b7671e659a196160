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

/** The base network's embeddings of unaugmented chips: unit vectors, computed at the first request. */
public final class BaseEmbeddings implements AutoCloseable {
    private final ChipStore chips;
    private final Network network;
    private final FaceEmbedder embedder;

    /** By index. Takes under a kilobyte for a chip that takes 75 on disk. */
    private final Map<Integer, float[]> known = new HashMap<>();

    public BaseEmbeddings(byte[] base, ChipStore chips) {
        this.chips = chips;
        network = Network.load("base", base, ComputeDevice.CPU);
        embedder = new FaceEmbedder(network, NetworkGraph.INPUT_SIDE);
    }

    /** The unit vectors of chips, in their order. */
    float[][] of(List<Integer> indexes) throws IOException {
        List<Integer> unknown = indexes.stream()
                .distinct()
                .filter(index -> !known.containsKey(index))
                .toList();
        List<Picture> pictures = new ArrayList<>();
        try {
            for (int index : unknown) {
                pictures.add(chips.read(index));
            }
            List<Embedding> embeddings = embedder.embed(pictures);
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
