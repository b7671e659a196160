package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoEmbedder;
import io.facestream.photos.PhotoError;
import io.facestream.photos.Undecodable;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorFolderTest {
    private static final int MAX_BYTES = 1 << 20;
    private static final PictureDecoder DECODER = new PictureDecoder(
            new SmallRyeConfigBuilder().withMapping(PictureBounds.class).build().getConfigMapping(PictureBounds.class));
    private static final PhotoEmbedder EMBEDDER =
            new PhotoEmbedder(DECODER, MAX_BYTES, null, null, null, Optional.empty(), Optional.empty());
    private static final Runnable NOTHING = () -> {};

    @TempDir
    private Path folder;

    @Test
    void everyErrorIsAPictureNamedAfterItAndALineOfTheIndex() throws Exception {
        Path errors = folder.resolve("new/errors");
        EmbeddedPhoto red = photo("Bj\u00f6rn", "a,b.png", Color.RED);
        EmbeddedPhoto blue = photo("Eve", "1.png", Color.BLUE);

        ErrorFolder.open(errors)
                .write(
                        List.of(
                                new PhotoError("false-accept", red, blue, 0.91234f, "two people; \"why\""),
                                PhotoError.undetected(faceless("Eve", "2.png", 2_000, 1_000))),
                        List.of(new Undecodable("Eve/3.png", null, "too-large: 9 bytes", 0)),
                        EMBEDDER,
                        NOTHING);

        String accepted = "00001-false-accept-0.912-Bjorn_a_b_png-Eve_1_png.png";
        String undetected = "00002-undetected-Eve_2_png.png";
        assertThat(names(errors)).containsExactlyInAnyOrder(accepted, undetected, "index.csv");
        assertThat(Files.readAllLines(errors.resolve("index.csv")))
                .containsExactly(
                        "picture,error,photo,other,distance,detail",
                        accepted + ",false-accept,\"" + folder.resolve("Bj\u00f6rn/a,b.png") + "\","
                                + folder.resolve("Eve/1.png") + ",0.9123,\"two people; \"\"why\"\"\"",
                        undetected + ",undetected," + folder.resolve("Eve/2.png") + ",,,no face was found",
                        ",undecodable,Eve/3.png,,,too-large: 9 bytes");
        BufferedImage both = ImageIO.read(errors.resolve(accepted).toFile());
        assertThat(both.getWidth()).isEqualTo(320);
        assertThat(new Color(both.getRGB(80, 80))).isEqualTo(Color.RED);
        assertThat(new Color(both.getRGB(240, 80))).isEqualTo(Color.BLUE);
        BufferedImage whole = ImageIO.read(errors.resolve(undetected).toFile());
        assertThat(whole.getWidth()).isEqualTo(640);
        assertThat(whole.getHeight()).isEqualTo(320);
    }

    @Test
    void aFaceThatWasNotFoundIsBlackBesideTheOneThatWas() throws Exception {
        EmbeddedPhoto red = photo("Ada", "1.png", Color.RED);
        PhotoError error =
                new PhotoError("undetected-pair", faceless("Ada", "2.png", 100, 100), red, Float.NaN, "one person");

        ErrorFolder.open(folder).write(List.of(error), List.of(), EMBEDDER, NOTHING);

        BufferedImage both = ImageIO.read(
                folder.resolve("00001-undetected-pair-Ada_2_png-Ada_1_png.png").toFile());
        assertThat(new Color(both.getRGB(80, 80))).isEqualTo(Color.BLACK);
        assertThat(new Color(both.getRGB(240, 80))).isEqualTo(Color.RED);
    }

    @Test
    void aNameThatIsTooLongForAFileIsCutOff() throws Exception {
        EmbeddedPhoto one = photo("A".repeat(120), "1.png", Color.RED);
        EmbeddedPhoto other = photo("\u5c71".repeat(60), "1.png", Color.RED);

        ErrorFolder.open(folder.resolve("errors"))
                .write(List.of(new PhotoError("missed", one, other, 1.2f, "")), List.of(), EMBEDDER, NOTHING);

        assertThat(names(folder.resolve("errors")))
                .contains("00001-missed-1.200-" + "A".repeat(60) + "-" + "_".repeat(60) + ".png");
    }

    @Test
    void theErrorsOfAnEarlierRunGoAndWhatIsTheUsersStays() throws Exception {
        EmbeddedPhoto red = photo("Ada", "1.png", Color.RED);
        List<PhotoError> two =
                List.of(new PhotoError("missed", red, red, 1.2f, ""), new PhotoError("missed", red, red, 1.3f, ""));
        Path errors = folder.resolve("errors");
        ErrorFolder.open(errors).write(two, List.of(), EMBEDDER, NOTHING);
        Files.writeString(errors.resolve("notes.txt"), "mine");
        Files.writeString(errors.resolve("00009-mine.png"), "mine");
        Files.writeString(
                errors.resolve("index.csv"), "\n../Ada/1.png,missed\n", java.nio.file.StandardOpenOption.APPEND);

        ErrorFolder.open(errors).write(List.of(), List.of(), EMBEDDER, NOTHING);

        assertThat(names(errors)).containsExactlyInAnyOrder("index.csv", "notes.txt", "00009-mine.png");
        assertThat(folder.resolve("Ada/1.png")).exists();
    }

    @Test
    void aFileIsNoFolder() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatIOException().isThrownBy(() -> ErrorFolder.open(file)).withMessage(file + " is not a folder");
    }

    @Test
    void everyMissedLabelAndEveryUnmatchedBoxIsALineAndItsPictureIsShownOnce() throws Exception {
        Path boxes = Files.write(
                folder.resolve("boxes.csv"),
                List.of(
                        "file,x,y,width,height,class",
                        "a.png,0,0,40,40,bare",
                        "a.png,50,0,40,40,masked",
                        "b.png,0,0,40,40,bare"));
        Detection detection = new Detection(Optional.of(boxes), 0.4f);
        Landmarks landmarks = landmarks();
        for (String name : List.of("a.png", "b.png")) {
            Path file = Files.write(
                    folder.resolve(name),
                    TestPictures.encode(TestPictures.halves(200, 100, Color.GRAY, Color.GRAY), "png"));
            detection.add(
                    file,
                    DECODER,
                    MAX_BYTES,
                    detector(
                            new DetectedFace(new Box(0, 0, 40, 40), landmarks, 0.9f),
                            new DetectedFace(new Box(150, 50, 40, 40), landmarks, 0.75f)));
        }

        ErrorFolder.open(folder.resolve("errors")).write(detection, DECODER, MAX_BYTES, NOTHING);

        String ofA = "00001-1-missed-1-false-positive-a_png.png";
        String ofB = "00002-0-missed-1-false-positive-b_png.png";
        assertThat(names(folder.resolve("errors"))).containsExactlyInAnyOrder(ofA, ofB, "index.csv");
        assertThat(Files.readAllLines(folder.resolve("errors/index.csv")).stream()
                        .skip(1))
                .containsExactly(
                        ofA + ",missed," + folder.resolve("a.png") + ",,,\"x 50 y 0, 40x40 px masked\"",
                        ofA + ",false-positive," + folder.resolve("a.png")
                                + ",,,\"x 150 y 50, 40x40 px confidence 0.750\"",
                        ofB + ",false-positive," + folder.resolve("b.png")
                                + ",,,\"x 150 y 50, 40x40 px confidence 0.750\"");
        BufferedImage picture =
                ImageIO.read(folder.resolve("errors").resolve(ofA).toFile());
        assertThat(new Color(picture.getRGB(50, 20))).isEqualTo(new Color(255, 200, 0));
        assertThat(new Color(picture.getRGB(150, 70))).isEqualTo(Color.RED);
    }

    private EmbeddedPhoto photo(String name, String file, Color color) throws IOException {
        Photo photo = write(name, file, 200, 200, color);
        EmbeddedPhoto embedded = SyntheticFaces.face(name, 1, 1, 0);
        DetectedFace face = new DetectedFace(new Box(50, 50, 100, 100), landmarks(), 0.9f);
        return new EmbeddedPhoto(
                photo,
                new EmbeddedPhoto.Source("0".repeat(64), null),
                face,
                embedded.quality(),
                embedded.probe(),
                embedded.sample());
    }

    private EmbeddedPhoto faceless(String name, String file, int width, int height) throws IOException {
        return EmbeddedPhoto.undetected(write(name, file, width, height, Color.GRAY));
    }

    private Photo write(String name, String file, int width, int height, Color color) throws IOException {
        Path path = Files.createDirectories(folder.resolve(name)).resolve(file);
        Files.write(path, TestPictures.encode(TestPictures.halves(width, height, color, color), "png"));
        return new Photo(name, path);
    }

    private static Landmarks landmarks() {
        return new Landmarks(
                new Point(115, 85), new Point(85, 85), new Point(100, 100), new Point(112, 118), new Point(88, 118));
    }

    private static FaceDetector detector(DetectedFace... faces) {
        return new FaceDetector() {
            @Override
            public List<DetectedFace> detect(Picture picture) {
                return List.of(faces);
            }

            @Override
            public void close() {}
        };
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
