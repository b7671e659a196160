package io.facestream.faces.rfb;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import ai.djl.inference.Predictor;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.NetworkInput;
import io.facestream.faces.NonMaximumSuppression;
import io.facestream.faces.NonMaximumSuppression.Overlap;
import io.facestream.faces.rfb.Anchors.Proposal;
import io.facestream.frames.Picture;
import io.facestream.networks.PixelBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Finds faces with one network that proposes and two that judge.
 *
 * <pre>
 *  picture --reduced, so that the smallest face has 16 px--> RFB: where may faces be?          generously
 *          --reduced to 256 px, if that is much smaller----> RFB: where may faces be that fill the picture?
 *          --the squares around them, 24x24 and 48x48------> R-Net, then O-Net, plain and mirrored: are they?
 *                                                            edges and five landmarks          strictly
 * </pre>
 *
 * <p>An instance serves one thread at a time; the networks are shared. The same picture always gives the same result.
 */
public final class RfbDetector implements FaceDetector {
    /** Sides of the network's input are multiples of this. */
    private static final int UNIT = 16;

    /** Longer side in pixels of the smallest input: below it, small pictures are enlarged. */
    private static final int SMALLEST_INPUT = 160;

    /**
     * Longer side in pixels of the input in which large faces are looked for, if the shorter side of the first input is
     * greater than {@link #SEEN_WHOLE}. The largest anchor has 256 px; faces much larger than an anchor are not seen.
     */
    private static final int OVERVIEW = 256;

    private static final int SEEN_WHOLE = 256;

    /** Shorter side in pixels of the smallest face taken from it. The first input shows smaller ones better. */
    private static final float LEAST_IN_OVERVIEW = 64;

    /** Pixels of the largest input. It bounds memory; a larger picture is reduced more. */
    private static final double LARGEST_INPUT = 8e6;

    /** Overlap of proposals above which the less probable one is dropped, as in the network's project. */
    private static final float PROPOSAL_LIMIT = 0.4f;

    /** The most proposals considered, and judged. This bounds the cost of any picture. */
    private static final int MAX_PROPOSALS = 2_000;

    private static final int MAX_JUDGED = 500;

    /** Overlap of faces above which the less probable one is dropped. */
    private static final float LIMIT = 0.7f;

    private static final Comparator<Proposal> MOST_PROBABLE_FIRST = Comparator.comparing(Proposal::score)
            .reversed()
            .thenComparing(proposal -> proposal.face().y())
            .thenComparing(proposal -> proposal.face().x())
            .thenComparing(proposal -> proposal.face().width());

    private static final Comparator<DetectedFace> MOST_CONFIDENT_FIRST = Comparator.comparing(DetectedFace::confidence)
            .reversed()
            .thenComparing(face -> face.box().y())
            .thenComparing(face -> face.box().x())
            .thenComparing(face -> face.box().width());

    private final RfbSettings settings;
    private final Predictor<PixelBatch, Anchors> proposal;
    private final FaceJudge judge;
    private final NetworkInput input = new NetworkInput();

    /** @param networks to be closed after this detector, by the caller */
    public RfbDetector(RfbNetworks networks, RfbSettings settings) {
        this.settings = settings;
        this.proposal = networks.newProposalPredictor();
        this.judge = new FaceJudge(networks.judges(), settings.confidence());
    }

    @Override
    public List<DetectedFace> detect(Picture picture) {
        List<DetectedFace> faces = judge.judge(picture, propose(picture)).stream()
                .filter(face -> Math.min(face.box().width(), face.box().height()) >= settings.smallestBox())
                .sorted(MOST_CONFIDENT_FIRST)
                .toList();
        return NonMaximumSuppression.suppress(faces, DetectedFace::box, Overlap.OF_SMALLER, LIMIT).stream()
                .map(face -> new DetectedFace(
                        face.box().clippedTo(picture.width(), picture.height()), face.landmarks(), face.confidence()))
                .toList();
    }

    /** What may be faces, most probable first, in pixels of the picture. */
    private List<Proposal> propose(Picture picture) {
        double longest = Math.max(picture.width(), picture.height());
        double pixels = (double) picture.width() * picture.height();
        double scale =
                Math.min(Math.max(settings.scale(), SMALLEST_INPUT / longest), Math.sqrt(LARGEST_INPUT / pixels));
        List<Proposal> proposals = new ArrayList<>();
        propose(picture, scale, 0, proposals);
        if (Math.min(picture.width(), picture.height()) * scale > SEEN_WHOLE) {
            propose(picture, OVERVIEW / longest, LEAST_IN_OVERVIEW, proposals);
        }
        proposals.sort(MOST_PROBABLE_FIRST);
        List<Proposal> bounded = proposals.subList(0, Math.min(MAX_PROPOSALS, proposals.size()));
        List<Proposal> distinct =
                NonMaximumSuppression.suppress(bounded, Proposal::face, Overlap.OF_UNION, PROPOSAL_LIMIT);
        return distinct.subList(0, Math.min(MAX_JUDGED, distinct.size()));
    }

    /**
     * Adds what may be faces in the picture at one scale.
     *
     * @param least shorter side in pixels of the network's input of the smallest one
     */
    private void propose(Picture picture, double scale, float least, List<Proposal> proposals) {
        int width = units(picture.width() * scale);
        int height = units(picture.height() * scale);
        input.begin(1, height, width);
        resizeTo(input, picture);
        float scaleX = (float) picture.width() / width;
        float scaleY = (float) picture.height() / height;
        for (Proposal found : input.run(proposal).atLeast(settings.proposalThreshold(), width, height)) {
            Box face = found.face();
            if (Math.min(face.width(), face.height()) >= least) {
                Box inPicture =
                        new Box(face.x() * scaleX, face.y() * scaleY, face.width() * scaleX, face.height() * scaleY);
                proposals.add(new Proposal(inPicture, found.score()));
            }
        }
    }

    /** Averages whole pixels first, which is several times faster than averaging shares of them. */
    private static void resizeTo(NetworkInput input, Picture picture) {
        try (Mat place = input.place(0)) {
            int shrinkage = Math.min(picture.width() / place.cols(), picture.height() / place.rows());
            if (shrinkage < 2) {
                boolean smaller = picture.width() > place.cols();
                resize(picture.rgb(), place, place.size(), 0, 0, smaller ? INTER_AREA : INTER_LINEAR);
                return;
            }
            int width = picture.width() / shrinkage;
            int height = picture.height() / shrinkage;
            try (Rect whole = new Rect(0, 0, width * shrinkage, height * shrinkage);
                    Mat large = picture.rgb().apply(whole);
                    Mat small = new Mat()) {
                resize(large, small, new Size(width, height), 0, 0, INTER_AREA);
                resize(small, place, place.size(), 0, 0, INTER_AREA);
            }
        }
    }

    private static int units(double side) {
        return UNIT * (int) Math.max(1, Math.round(side / UNIT));
    }

    @Override
    public void close() {
        proposal.close();
        judge.close();
        input.close();
    }
}
