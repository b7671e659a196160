package io.facestream.faces;

import ai.djl.inference.Predictor;
import io.facestream.faces.LandmarkNetwork.Points;
import io.facestream.frames.Picture;
import io.facestream.networks.PixelBatch;
import java.util.ArrayList;
import java.util.List;

/** Finds the landmarks of faces in the squares around them. An instance serves one thread at a time. */
public final class LandmarkFinder implements AutoCloseable {
    /** Faces per run of the network. */
    private static final int FACES = 32;

    private final Predictor<PixelBatch, Points> network;
    private final NetworkInput input = new NetworkInput();

    /** @param network to be closed after this finder, by the caller */
    public LandmarkFinder(LandmarkNetwork network) {
        this.network = network.newPredictor();
    }

    /**
     * Returns the landmarks of faces, in their order.
     *
     * @param squares around the faces, on whole pixels; they may reach beyond the picture
     */
    public List<Landmarks> find(Picture picture, List<Box> squares) {
        List<Landmarks> found = new ArrayList<>(squares.size());
        for (int start = 0; start < squares.size(); start += FACES) {
            List<Box> batch = squares.subList(start, Math.min(start + FACES, squares.size()));
            input.begin(batch.size(), LandmarkNetwork.SIDE, LandmarkNetwork.SIDE);
            for (int i = 0; i < batch.size(); i++) {
                input.crop(i, picture, batch.get(i));
            }
            Points points = input.run(network);
            for (int i = 0; i < batch.size(); i++) {
                found.add(points.landmarks(i, batch.get(i)));
            }
        }
        return found;
    }

    @Override
    public void close() {
        network.close();
        input.close();
    }
}
