package io.facestream.faces.rfb;

import static io.facestream.faces.mtcnn.JudgeNetworks.OUTPUT_SIDE;
import static io.facestream.faces.mtcnn.JudgeNetworks.REFINEMENT_SIDE;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import ai.djl.inference.Predictor;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.NetworkInput;
import io.facestream.faces.mtcnn.Answer;
import io.facestream.faces.mtcnn.JudgeNetworks;
import io.facestream.faces.rfb.Anchors.Proposal;
import io.facestream.frames.Picture;
import io.facestream.networks.PixelBatch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Judges proposed faces with R-Net and O-Net of MTCNN. The proposal and three looks, one of them at the mirror image,
 * decide together. Edges and landmarks are the means of O-Net's two looks. An instance serves one thread at a time.
 */
final class FaceJudge implements AutoCloseable {
    /**
     * R-Net's probability below which O-Net does not look. In the photos that the thresholds were chosen with, none of
     * the faces that were found was so unlikely.
     */
    private static final float HOPELESS = 0.05f;

    /** Proposals per run. O-Net sees each twice; a window takes longer in larger batches, which exceed the caches. */
    private static final int REFINED = 32;

    private static final int JUDGED = 4;

    private final float confidence;
    private final Predictor<PixelBatch, Answer> refinement;
    private final Predictor<PixelBatch, Answer> output;
    private final NetworkInput small = new NetworkInput();
    private final NetworkInput crops = new NetworkInput();
    private final NetworkInput large = new NetworkInput();

    /**
     * A proposal that R-Net has seen.
     *
     * @param square the part of the picture that the networks see
     * @param crop its place among the crops
     */
    private record Candidate(Box square, int crop, float proposed, float refined) {}

    /**
     * @param networks to be closed after this judge, by the caller
     * @param confidence least combined probability of a face
     */
    FaceJudge(JudgeNetworks networks, float confidence) {
        this.confidence = confidence;
        this.refinement = networks.newRefinementPredictor();
        this.output = networks.newOutputPredictor();
    }

    /** Returns the proposals that are faces, in their order; their boxes may reach beyond the picture. */
    List<DetectedFace> judge(Picture picture, List<Proposal> proposals) {
        List<DetectedFace> faces = new ArrayList<>();
        for (int start = 0; start < proposals.size(); start += REFINED) {
            List<Candidate> candidates =
                    refine(picture, proposals.subList(start, Math.min(start + REFINED, proposals.size())));
            for (int from = 0; from < candidates.size(); from += JUDGED) {
                look(picture, candidates.subList(from, Math.min(from + JUDGED, candidates.size())), faces);
            }
        }
        return faces;
    }

    /** Crops all proposals, and returns those that R-Net leaves. Its window is O-Net's, halved. */
    private List<Candidate> refine(Picture picture, List<Proposal> proposals) {
        List<Box> squares = proposals.stream()
                .map(proposal -> proposal.face().squareAround())
                .toList();
        crops.begin(squares.size(), OUTPUT_SIDE, OUTPUT_SIDE);
        small.begin(squares.size(), REFINEMENT_SIDE, REFINEMENT_SIDE);
        for (int i = 0; i < squares.size(); i++) {
            crops.crop(i, picture, squares.get(i));
            try (Mat crop = crops.place(i);
                    Mat half = small.place(i)) {
                resize(crop, half, half.size(), 0, 0, INTER_AREA);
            }
        }
        Answer answer = small.run(refinement);
        List<Candidate> left = new ArrayList<>();
        for (int i = 0; i < squares.size(); i++) {
            if (answer.probability(i) >= HOPELESS) {
                left.add(new Candidate(squares.get(i), i, proposals.get(i).score(), answer.probability(i)));
            }
        }
        return left;
    }

    private void look(Picture picture, List<Candidate> candidates, List<DetectedFace> faces) {
        large.begin(2 * candidates.size(), OUTPUT_SIDE, OUTPUT_SIDE);
        for (int i = 0; i < candidates.size(); i++) {
            try (Mat crop = crops.place(candidates.get(i).crop());
                    Mat plain = large.place(2 * i);
                    Mat mirrored = large.place(2 * i + 1)) {
                crop.copyTo(plain);
                flip(crop, mirrored, 1);
            }
        }
        Answer answer = large.run(output);
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            float together = Answer.together(
                    candidate.proposed(),
                    candidate.refined(),
                    answer.probability(2 * i),
                    answer.probability(2 * i + 1));
            if (together >= confidence) {
                addIfFace(faces, answer.withMirrorImage(2 * i, 2 * i + 1, together), candidate.square(), picture);
            }
        }
    }

    private static void addIfFace(List<DetectedFace> faces, Answer answer, Box square, Picture picture) {
        answer.face(0, square, picture.width(), picture.height())
                .ifPresent(face -> faces.add(
                        new DetectedFace(face, answer.landmarks(0, square), Math.min(1, answer.probability(0)))));
    }

    @Override
    public void close() {
        refinement.close();
        output.close();
        small.close();
        crops.close();
        large.close();
    }
}
