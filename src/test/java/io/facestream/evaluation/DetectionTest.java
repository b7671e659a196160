package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.evaluation.Detection.Judged;
import io.facestream.evaluation.Detection.Recall;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.facestream.photos.Undecodable;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionTest {
    private static final String HEADER = "file,x,y,width,height,class";
    private static final byte[] PICTURE =
            TestPictures.encode(TestPictures.halves(200, 100, Color.RED, Color.BLUE), "png");
    private static final int MAX_BYTES = 1 << 20;
    private static final PictureDecoder DECODER = new PictureDecoder(new Bounds());

    @TempDir
    private Path folder;

    @Test
    void aBoxMatchesTheFreeLabelThatItOverlapsMost() throws Exception {
        Detection detection = detection(0.4f, "a.png,0,0,100,100,", "a.png,20,0,100,100,");

        // Both overlap the second label most; the one that comes first has it.
        add(detection, "a.png", new Box(18, 0, 100, 100), new Box(19, 0, 100, 100));

        assertThat(detection.judged().get(0).found()).containsExactly(true, true);
        assertThat(detection.judged().get(0).unmatched()).isEmpty();
        assertThat(detection.judged().get(0).wrong()).isFalse();
    }

    @Test
    void labelsOfAPictureThatIsNotThereAreAnError() throws Exception {
        Detection detection = detection(0.4f, "a.png,0,0,100,100,", "b.png,20,0,100,100,");

        detection.requireLabelledAmong(List.of(Path.of("x/a.png"), Path.of("x/b.png"), Path.of("x/c.png")));
        assertThatIOException()
                .isThrownBy(() -> detection.requireLabelledAmong(List.of(Path.of("x/a.png"))))
                .withMessageContaining("b.png");
    }

    @Test
    void aSecondBoxOnAFaceMatchesNothing() throws Exception {
        Detection detection = detection(0.4f, "a.png,0,0,100,100,");

        add(detection, "a.png", new Box(10, 0, 100, 100), new Box(0, 0, 100, 100));

        Judged judged = detection.judged().get(0);
        assertThat(judged.found()).containsExactly(true);
        assertThat(judged.unmatched()).extracting(DetectedFace::box).containsExactly(new Box(0, 0, 100, 100));
        assertThat(judged.wrong()).isTrue();
        assertThat(detection.report(1).falsePositives()).isEqualTo(1);
        assertThat(detection.report(1).recall().all()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {0.4f, 0.5f, 0.51f})
    void aMatchOverlapsAtLeastSoMuch(float leastOverlap) throws Exception {
        Detection detection = detection(leastOverlap, "a.png,0,0,100,100,");

        add(detection, "a.png", new Box(0, 0, 50, 100));

        assertThat(detection.judged().get(0).found()).containsExactly(leastOverlap <= 0.5f);
        assertThat(detection.judged().get(0).unmatched()).hasSize(leastOverlap <= 0.5f ? 0 : 1);
    }

    @Test
    void recallIsCountedForLargeFacesAndForEachClass() throws Exception {
        Detection detection = detection(
                0.4f,
                "a.png,0,0,40,60,bare",
                "a.png,100,0,39,60,bare",
                "b.png,0,0,50,50,masked",
                "b.png,100,0,50,50,masked",
                "b.png,60,0,20,20,masked");

        add(detection, "a.png", new Box(100, 0, 39, 60));
        add(detection, "b.png", new Box(0, 0, 50, 50), new Box(100, 0, 50, 50), new Box(150, 50, 40, 40));

        Detection.Report report = detection.report(1);
        assertThat(report.images()).isEqualTo(2);
        assertThat(report.faces()).isEqualTo(5);
        assertThat(report.falsePositives()).isEqualTo(1);
        assertThat(report.recall().all()).isCloseTo(3 / 5.0, within(1e-9));
        assertThat(report.recall().min40()).isCloseTo(2 / 3.0, within(1e-9));
        assertThat(report.recallByClass()).containsOnlyKeys("bare", "masked");
        assertThat(report.recallByClass()).containsEntry("bare", new Recall(0.5, 0.0));
        assertThat(report.recallByClass().get("masked").all()).isCloseTo(2 / 3.0, within(1e-9));
        assertThat(report.recallByClass().get("masked").min40()).isEqualTo(1);
        assertThat(report.millisPerImage()).isPositive();
        // Each class is in one picture only, which says nothing of how pictures differ.
        assertThat(report.intervals())
                .containsOnlyKeys(
                        "recall.all",
                        "recall.min40",
                        "falsePositives",
                        "falseNegatives",
                        "millisPerImage",
                        "medianMillisPerImage");
        assertThat(report.falseNegatives()).isEqualTo(2);
        assertThat(report.millisRange()[0]).isPositive().isLessThanOrEqualTo(report.medianMillisPerImage());
        assertThat(report.millisRange()[1]).isGreaterThanOrEqualTo(report.medianMillisPerImage());
    }

    @Test
    void whereNoPictureHasAFaceEveryBoxIsWrongAndThereIsNoRecall() throws Exception {
        Detection detection = new Detection(Optional.empty(), 0.4f);

        add(detection, "a.png", new Box(0, 0, 50, 50));
        add(detection, "b.png");

        Detection.Report report = detection.report(1);
        assertThat(report.recall()).isEqualTo(new Recall(null, null));
        assertThat(report.falsePositives()).isEqualTo(1);
        assertThat(report.faces()).isZero();
        assertThat(report.intervals().get("recall.all")).isNull();
    }

    @Test
    void aPictureThatCannotBeDecodedCountsInNoFigure() throws Exception {
        Detection detection = detection(0.4f, "text.png,0,0,50,50,", "a.png,0,0,50,50,");
        Path text = Files.writeString(folder.resolve("text.png"), "not a picture");
        Path large = Files.write(folder.resolve("large.png"), new byte[MAX_BYTES + 1]);
        FaceDetector detector = detector(new Box(0, 0, 50, 50));

        detection.add(text, DECODER, MAX_BYTES, detector);
        detection.add(large, DECODER, MAX_BYTES, detector);
        detection.add(folder.resolve("gone.png"), DECODER, MAX_BYTES, detector);
        add(detection, "a.png", new Box(0, 0, 50, 50));

        Detection.Report report = detection.report(1);
        assertThat(report.images()).isEqualTo(1);
        assertThat(report.recall().all()).isEqualTo(1);
        assertThat(report.falseNegatives()).isZero();
        assertThat(report.undecodableFaces()).isEqualTo(1);
        assertThat(detection.undecodable())
                .extracting(Undecodable::file)
                .containsExactly(
                        text.toString(),
                        large.toString(),
                        folder.resolve("gone.png").toString());
        assertThat(detection.undecodable().get(0).reason()).startsWith("not-an-image: ");
        assertThat(detection.undecodable().get(1).reason()).startsWith("too-large: " + (MAX_BYTES + 1) + " bytes");
    }

    @Test
    void whereNoPictureCanBeDecodedThereIsNoReport() throws Exception {
        Detection detection = detection(0.4f);
        Path text = Files.writeString(folder.resolve("text.png"), "not a picture");

        detection.add(text, DECODER, MAX_BYTES, detector());

        assertThatIllegalStateException()
                .isThrownBy(() -> detection.report(1))
                .withMessageStartingWith("none of the pictures can be decoded; " + text + ": not-an-image");
    }

    @Test
    void labelsAreThoseOfAPictureInEitherUnicodeForm() throws Exception {
        Detection detection = detection(0.4f, "Bj\u00f6rn.png,0,0,50,50,");
        Path decomposed = Path.of("Bjo\u0308rn.png");

        detection.requireLabelledAmong(List.of(decomposed));
        add(detection, decomposed.toString(), new Box(0, 0, 50, 50));

        assertThat(detection.report(1).recall().all()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -0.1f, 1.1f, Float.NaN})
    void anOverlapIsAShare(float overlap) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Detection(Optional.empty(), overlap));
    }

    @Test
    void labelsWithoutAClassAreOfNone() throws Exception {
        Path csv = Files.write(folder.resolve("boxes.csv"), List.of("file,x,y,width,height", "a.png,1, 2,3,4.5"));

        assertThat(LabelledBoxes.read(csv))
                .containsOnlyKeys("a.png")
                .containsEntry("a.png", List.of(new LabelledBoxes.LabelledBox(new Box(1, 2, 3, 4.5f), "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.png,1,2,3", "a.png,1,2,3,wide,bare", "a.png,1,2,0,4,bare", "a.png", "a.png,1,2,Infinity,4"})
    void aLabelThatIsNoBoxIsNamedWithItsLine(String wrong) throws Exception {
        Path csv = Files.write(folder.resolve("boxes.csv"), List.of(HEADER, "a.png,1,2,3,4,bare", "", wrong));

        assertThatIOException()
                .isThrownBy(() -> LabelledBoxes.read(csv))
                .withMessageStartingWith(csv + " line 4: ")
                .withMessageEndingWith(wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.png,1,2,3,4,bare"})
    void labelsWithoutTheirHeaderAreRefused(String first) throws Exception {
        Path csv = Files.writeString(folder.resolve("boxes.csv"), first);

        assertThatIOException()
                .isThrownBy(() -> LabelledBoxes.read(csv))
                .withMessage(csv + ": the first line is not " + HEADER);
    }

    private Detection detection(float leastOverlap, String... labels) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        lines.addAll(List.of(labels));
        return new Detection(Optional.of(Files.write(folder.resolve("boxes.csv"), lines)), leastOverlap);
    }

    private void add(Detection detection, String name, Box... boxes) throws IOException {
        detection.add(Files.write(folder.resolve(name), PICTURE), DECODER, MAX_BYTES, detector(boxes));
    }

    /** Finds the same boxes in every picture. */
    private static FaceDetector detector(Box... boxes) {
        Point point = new Point(1, 1);
        Landmarks landmarks = new Landmarks(point, point, point, point, point);
        List<DetectedFace> faces = List.of(boxes).stream()
                .map(box -> new DetectedFace(box, landmarks, 0.9f))
                .toList();
        return new FaceDetector() {
            @Override
            public List<DetectedFace> detect(Picture picture) {
                return faces;
            }

            @Override
            public void close() {}
        };
    }

    private record Bounds() implements PictureBounds {
        @Override
        public int maxBytes() {
            return MAX_BYTES;
        }

        @Override
        public long maxPixels() {
            return 1_000_000;
        }
    }
}
