package io.facestream.faces.liveness;

import static io.facestream.faces.liveness.LivenessNetwork.AROUND;
import static io.facestream.faces.liveness.LivenessNetwork.SIDE;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import ai.djl.inference.Predictor;
import io.facestream.faces.Box;
import io.facestream.faces.NetworkInput;
import io.facestream.faces.liveness.LivenessNetwork.Classes;
import io.facestream.frames.Picture;
import io.facestream.networks.PixelBatch;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** Shows faces to the network. */
public final class NetworkScorer implements LivenessScorer {
    /** Faces per run of the network: a face takes 12.5 ms of CPU time alone, 8.4 ms among four, no less among more. */
    private static final int FACES = 4;

    private final Predictor<PixelBatch, Classes> network;
    private final NetworkInput input = new NetworkInput();

    /** @param network to be closed after this scorer, by the caller */
    public NetworkScorer(LivenessNetwork network) {
        this.network = network.newPredictor();
    }

    @Override
    public float[] score(Picture picture, List<Box> faces) {
        float[] scores = new float[faces.size()];
        for (int start = 0; start < faces.size(); start += FACES) {
            List<Box> batch = faces.subList(start, Math.min(start + FACES, faces.size()));
            input.begin(batch.size(), SIDE, SIDE);
            for (int i = 0; i < batch.size(); i++) {
                try (Rect part = around(batch.get(i), picture.width(), picture.height());
                        Mat seen = picture.rgb().apply(part);
                        Mat place = input.place(i)) {
                    resize(seen, place, place.size(), 0, 0, INTER_LINEAR);
                }
            }
            Classes classes = input.run(network);
            for (int i = 0; i < batch.size(); i++) {
                scores[start + i] = classes.live(i);
            }
        }
        return scores;
    }

    /** What the network says of 128x128 pixels. */
    Classes classes(Mat square) {
        input.begin(1, SIDE, SIDE);
        try (Mat place = input.place(0)) {
            square.copyTo(place);
        }
        return input.run(network);
    }

    /** The part that the network is shown: moved into the picture at its edges, and smaller if it is larger than it. */
    static Rect around(Box face, int width, int height) {
        double scale = Math.min(AROUND, Math.min((width - 1) / face.width(), (height - 1) / face.height()));
        int wide = within(1, face.width() * scale, width);
        int high = within(1, face.height() * scale, height);
        int left = within(0, face.x() + (face.width() - wide) / 2.0, width - wide);
        int top = within(0, face.y() + (face.height() - high) / 2.0, height - high);
        return new Rect(left, top, wide, high);
    }

    private static int within(int least, double value, int most) {
        return (int) Math.max(least, Math.min(most, Math.round(value)));
    }

    @Override
    public void close() {
        network.close();
        input.close();
    }
}
