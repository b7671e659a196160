package io.facestream.faces.ssd;

import ai.djl.inference.Predictor;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.LandmarkFinder;
import io.facestream.faces.Landmarks;
import io.facestream.faces.NetworkInput;
import io.facestream.faces.NonMaximumSuppression;
import io.facestream.faces.NonMaximumSuppression.Overlap;
import io.facestream.faces.ssd.SsdNetworks.Boxes;
import io.facestream.frames.Picture;
import io.facestream.networks.PixelBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds faces with a single-shot detector (Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016), and their
 * landmarks with another network.
 *
 * <pre>
 *  picture --the whole, smaller, and parts of a large one, 512x512--> SSD: where are faces?
 *          --the squares around them, 112x112-----------------------> 68 points each, of which five are made
 * </pre>
 *
 * <p>An instance serves one thread at a time; the networks are shared. The same picture always gives the same result.
 */
public final class SsdDetector implements FaceDetector {
    /**
     * Overlap above which the less probable face is dropped, including the part of a face cut off by a square's edge.
     */
    private static final float LIMIT = 0.5f;

    /**
     * The most boxes that are considered, the most probable ones. Like the limit on faces, it bounds the cost of any
     * picture.
     */
    private static final int MAX_CANDIDATES = 2_000;

    private static final int MAX_FACES = 500;

    /** The share of a square that overlaps the next one. */
    private static final float OVERLAP = 0.25f;

    /**
     * Longer side in pixels of the largest face that the network reliably finds in its square of 512. In LFW's photos
     * of one face each, it found 91 % of the faces at a height of 235 px, and all at 117 px.
     */
    private static final int LARGEST_SEEN = 160;

    /**
     * From this size on, faces are searched twice. The network finds faces of 80 px less reliably than smaller and
     * larger ones.
     */
    private static final int SMALLEST_SEEN_AGAIN = 60;

    /**
     * Views per run of the network. On two cores a view takes 77 ms in a run of two, and 103 ms in a run of four, whose
     * layers exceed the processor's caches.
     */
    private static final int VIEWS = 2;

    private static final Comparator<Candidate> MOST_PROBABLE_FIRST = Comparator.comparing(Candidate::score)
            .reversed()
            .thenComparing(candidate -> candidate.face().y())
            .thenComparing(candidate -> candidate.face().x())
            .thenComparing(candidate -> candidate.face().width());

    private final SsdSettings settings;
    private final Predictor<PixelBatch, Boxes> detection;
    private final LandmarkFinder landmarks;
    private final NetworkInput input = new NetworkInput();

    /**
     * A part of the picture that the network looks at.
     *
     * @param smallest longer side in pixels of the smallest face accepted from it
     * @param largest the same of the largest face
     */
    private record View(Box square, float smallest, float largest) {}

    private record Candidate(Box face, float score) {}

    /** @param networks to be closed after this detector, by the caller */
    public SsdDetector(SsdNetworks networks, SsdSettings settings) {
        this.settings = settings;
        this.detection = networks.newDetectionPredictor();
        this.landmarks = new LandmarkFinder(networks.landmarks());
    }

    @Override
    public List<DetectedFace> detect(Picture picture) {
        List<Candidate> candidates = candidates(picture);
        candidates.sort(MOST_PROBABLE_FIRST);
        List<Candidate> bounded = candidates.subList(0, Math.min(MAX_CANDIDATES, candidates.size()));
        List<Candidate> faces = NonMaximumSuppression.suppress(bounded, Candidate::face, Overlap.OF_SMALLER, LIMIT);
        return withLandmarks(picture, faces.subList(0, Math.min(MAX_FACES, faces.size())));
    }

    private List<Candidate> candidates(Picture picture) {
        List<View> views = views(picture.width(), picture.height());
        List<Candidate> candidates = new ArrayList<>();
        for (int start = 0; start < views.size(); start += VIEWS) {
            List<View> batch = views.subList(start, Math.min(start + VIEWS, views.size()));
            input.begin(batch.size(), SsdNetworks.DETECTION_SIDE, SsdNetworks.DETECTION_SIDE);
            for (int i = 0; i < batch.size(); i++) {
                input.fit(i, picture, batch.get(i).square());
            }
            Boxes boxes = input.run(detection);
            for (int i = 0; i < batch.size(); i++) {
                for (int j = 0; j < boxes.perSquare(); j++) {
                    if (boxes.score(i, j) >= settings.threshold()) {
                        Box face = boxes.box(i, j, batch.get(i).square());
                        addIfFace(candidates, face, boxes.score(i, j), batch.get(i), picture);
                    }
                }
            }
        }
        return candidates;
    }

    /**
     * First squares small enough to find the smallest faces, then squares twice as wide, and so on until the picture
     * fills only half of a square's width. Large faces are found in the larger squares, where they are shrunk.
     */
    private List<View> views(int width, int height) {
        int longerSide = Math.max(width, height);
        List<View> views = new ArrayList<>();
        int side =
                (int) Math.min(settings.farthest(), Math.max(longerSide, Math.min(settings.closest(), 2 * longerSide)));
        float smallest = 0;
        while (true) {
            boolean last = side >= 2 * longerSide;
            float largest = last ? Float.MAX_VALUE : LARGEST_SEEN * side / SsdNetworks.DETECTION_SIDE;
            for (int y : starts(height, side)) {
                for (int x : starts(width, side)) {
                    views.add(new View(new Box(x, y, side, side), smallest, largest));
                }
            }
            if (last) {
                return views;
            }
            smallest = SMALLEST_SEEN_AGAIN * side / SsdNetworks.DETECTION_SIDE;
            side *= 2;
        }
    }

    /** Start positions of evenly spread pieces that together cover a length. */
    private static int[] starts(int length, int piece) {
        int steps = (int) Math.ceil(Math.max(0, length - piece) / (piece * (1 - OVERLAP)));
        int[] starts = new int[steps + 1];
        for (int i = 1; i <= steps; i++) {
            starts[i] = (length - piece) * i / steps;
        }
        return starts;
    }

    /** Adds the part of a face inside the picture, unless it is too small or belongs to another view. */
    private void addIfFace(List<Candidate> candidates, Box face, float score, View view, Picture picture) {
        float longerSide = Math.max(face.width(), face.height());
        float width = Math.min(picture.width(), face.x() + face.width()) - Math.max(0, face.x());
        float height = Math.min(picture.height(), face.y() + face.height()) - Math.max(0, face.y());
        if (longerSide >= view.smallest()
                && longerSide <= view.largest()
                && Math.min(width, height) >= settings.smallestBox()) {
            candidates.add(new Candidate(face.clippedTo(picture.width(), picture.height()), score));
        }
    }

    private List<DetectedFace> withLandmarks(Picture picture, List<Candidate> faces) {
        List<Box> squares =
                faces.stream().map(face -> face.face().squareAround()).toList();
        List<Landmarks> found = landmarks.find(picture, squares);
        return IntStream.range(0, faces.size())
                .mapToObj(i -> new DetectedFace(
                        faces.get(i).face(), found.get(i), faces.get(i).score()))
                .toList();
    }

    @Override
    public void close() {
        detection.close();
        landmarks.close();
        input.close();
    }
}
