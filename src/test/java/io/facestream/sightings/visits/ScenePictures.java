package io.facestream.sightings.visits;

import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.addWeighted;
import static org.bytedeco.opencv.global.opencv_core.randn;
import static org.bytedeco.opencv.global.opencv_core.setRNGSeed;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.faces.Box;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoEmbedder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Paints a scene: each face is a photo of its person, another one in each frame, before a photo without people; with
 * blur, noise and JPEG. The shipped detector and network then look at the pictures, as the stages do. A face that the
 * detector misses is missing; one that it finds where nobody is counts as false.
 */
final class ScenePictures {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 720;
    private static final double BLUR = 0.6;
    private static final double NOISE = 4;
    private static final int JPEG_QUALITY = 75;

    /** Of the face's sides: how much of the photo is painted around it. */
    private static final double MARGIN = 0.6;

    private static final float LEAST_OVERLAP = 0.3f;

    /** A photo's part around the face, and the face's box in it. */
    private record Portrait(Mat rgb, Box face) {}

    private final Map<String, List<Portrait>> portraits = new HashMap<>();
    private final List<Mat> rooms = new ArrayList<>();
    private final List<Photo> photos = new ArrayList<>();
    private final PhotoEmbedder embedder;
    private final PictureDecoder decoder;
    private final FaceDetectors detectors;
    private final Network network;
    private final ModelVersion version;

    /** @param data the folder of {@code lfw-dev}, {@code ytf-dev} and {@code negatives} */
    ScenePictures(Path data) throws IOException {
        Settings settings = Settings.load();
        byte[] weights = ShippedModel.weights();
        version = ShippedModel.version(weights);
        PictureBounds bounds = settings.get(PictureBounds.class);
        decoder = new PictureDecoder(bounds);
        detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
        network = Network.load(version.version(), weights, ComputeDevice.AUTO);
        embedder = new PhotoEmbedder(
                decoder, bounds.maxBytes(), detectors, version, network, Optional.empty(), Optional.empty());
        FilmedPeople.choose(data, new ArrayList<>(), photos);
        try (DirectoryStream<Path> negatives = Files.newDirectoryStream(data.resolve("negatives"), "*.jpg")) {
            for (Path file : negatives) {
                try (Picture picture = embedder.photo(new Photo("Nobody", file))) {
                    Mat room = new Mat();
                    resize(picture.rgb(), room, new Size(WIDTH, HEIGHT), 0, 0, INTER_AREA);
                    rooms.add(room);
                }
            }
        }
    }

    private List<Portrait> portraits(String person) throws IOException {
        List<Portrait> known = portraits.get(person);
        if (known != null) {
            return known;
        }
        List<Portrait> alone = new ArrayList<>();
        List<Photo> of =
                photos.stream().filter(photo -> photo.name().equals(person)).toList();
        try (FaceFinder finder = new FaceFinder(detectors.detector())) {
            List<Portrait> all = new ArrayList<>();
            for (EmbeddedPhoto photo : embedder.embed(of, Runtime.getRuntime().availableProcessors(), () -> {})) {
                if (photo.detected()) {
                    Portrait portrait = portrait(photo);
                    all.add(portrait);
                    if (isAlone(portrait, finder)) {
                        alone.add(portrait);
                    }
                }
            }
            portraits.put(person, alone.isEmpty() ? all : alone);
        } catch (Exception e) {
            throw new IOException("the portraits of " + person, e);
        }
        return portraits.get(person);
    }

    /** Whoever else is in a photo would be in the scene too, without being in its truth. */
    private static boolean isAlone(Portrait portrait, FaceFinder finder) throws Exception {
        int faces = 0;
        try (Picture picture = new Picture(portrait.rgb().clone())) {
            for (FaceView view : finder.find(picture)) {
                view.close();
                faces++;
            }
        }
        return faces <= 1;
    }

    private Portrait portrait(EmbeddedPhoto photo) throws IOException {
        Box face = photo.face().box();
        try (Picture picture = embedder.photo(photo.photo())) {
            int left = (int) Math.max(0, face.x() - MARGIN * face.width());
            int top = (int) Math.max(0, face.y() - MARGIN * face.height());
            int right = (int) Math.min(picture.width(), face.x() + (1 + MARGIN) * face.width());
            int bottom = (int) Math.min(picture.height(), face.y() + (1 + MARGIN) * face.height());
            try (Rect part = new Rect(left, top, right - left, bottom - top);
                    Mat crop = picture.rgb().apply(part)) {
                return new Portrait(
                        crop.clone(), new Box(face.x() - left, face.y() - top, face.width(), face.height()));
            }
        }
    }

    /**
     * What the detector and the network saw of a scene.
     *
     * @param scene the same, with the faces that were found instead of those that were shown
     * @param views by the number of the frame, and the place of the face in it
     */
    record Seen(Scene scene, List<List<FilmedPeople.View>> views) {}

    Seen look(Scene scene, long seed) throws IOException {
        Random random = new Random(seed);
        setRNGSeed((int) seed);
        Mat room = rooms.get(random.nextInt(rooms.size()));
        List<Scene.Frame> frames = new ArrayList<>();
        List<List<FilmedPeople.View>> views = new ArrayList<>();
        try (FaceFinder finder = new FaceFinder(detectors.detector());
                FaceEmbedder faceEmbedder = new FaceEmbedder(network, version.inputSide())) {
            for (Scene.Frame frame : scene.frames()) {
                List<Scene.Shown> real = frame.shown().stream()
                        .filter(shown -> shown.visit() >= 0)
                        .toList();
                List<Scene.Shown> found = new ArrayList<>();
                List<FilmedPeople.View> faces = new ArrayList<>();
                try (Picture picture = decoder.decode(paint(room, real, random))) {
                    for (FaceView view : finder.find(picture)) {
                        try (view) {
                            Embedding embedding = faceEmbedder.embed(view.chip());
                            found.add(owner(view.face().box(), real, found));
                            faces.add(new FilmedPeople.View(
                                    embedding.vector(), view.quality().withNorm(embedding.norm())));
                        }
                    }
                } catch (Exception e) {
                    throw new IOException("frame " + frames.size() + " of the scene", e);
                }
                frames.add(new Scene.Frame(frame.seconds(), found));
                views.add(faces);
            }
        }
        return new Seen(new Scene(frames, scene.visits(), scene.framesPerSecond()), views);
    }

    private static Scene.Shown owner(Box box, List<Scene.Shown> real, List<Scene.Shown> taken) {
        return real.stream()
                .filter(shown -> shown.box().intersectionOverUnion(box) >= LEAST_OVERLAP)
                .filter(shown -> taken.stream().noneMatch(other -> other.visit() == shown.visit()))
                .max((a, b) -> Float.compare(
                        a.box().intersectionOverUnion(box), b.box().intersectionOverUnion(box)))
                .map(shown -> new Scene.Shown(box, box.width(), shown.person(), shown.visit()))
                .orElse(new Scene.Shown(box, box.width(), "", -1));
    }

    private byte[] paint(Mat room, List<Scene.Shown> faces, Random random) throws IOException {
        try (Mat picture = room.clone();
                BytePointer jpeg = new BytePointer()) {
            // the nearer face last
            for (int i = faces.size() - 1; i >= 0; i--) {
                List<Portrait> of = portraits(faces.get(i).person());
                paste(picture, of.get(random.nextInt(of.size())), faces.get(i).box());
            }
            GaussianBlur(picture, picture, new Size(0, 0), BLUR);
            noise(picture);
            cvtColor(picture, picture, COLOR_RGB2BGR);
            opencv_imgcodecs.imencode(
                    ".jpg", picture, jpeg, new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, JPEG_QUALITY));
            byte[] bytes = new byte[(int) jpeg.limit()];
            jpeg.get(bytes);
            return bytes;
        }
    }

    /** Faded out to the edge of an ellipse. */
    private static void paste(Mat picture, Portrait portrait, Box box) {
        double scale = Math.sqrt((double) box.area() / portrait.face.area());
        int width = Math.max(1, (int) Math.round(portrait.rgb.cols() * scale));
        int height = Math.max(1, (int) Math.round(portrait.rgb.rows() * scale));
        int left =
                (int) Math.round(box.x() + box.width() / 2 - (portrait.face.x() + portrait.face.width() / 2) * scale);
        int top =
                (int) Math.round(box.y() + box.height() / 2 - (portrait.face.y() + portrait.face.height() / 2) * scale);
        try (Mat scaled = new Mat();
                Size size = new Size(width, height)) {
            resize(portrait.rgb, scaled, size, 0, 0, scale < 1 ? INTER_AREA : INTER_LINEAR);
            try (UByteIndexer from = scaled.createIndexer();
                    UByteIndexer to = picture.createIndexer()) {
                for (int y = Math.max(0, -top); y < Math.min(height, HEIGHT - top); y++) {
                    for (int x = Math.max(0, -left); x < Math.min(width, WIDTH - left); x++) {
                        double away = Math.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5) * 2;
                        double opacity = Math.max(0, Math.min(1, (1 - away) * 8));
                        for (int c = 0; c < 3; c++) {
                            double mixed = opacity * from.get(y, x, c) + (1 - opacity) * to.get(top + y, left + x, c);
                            to.put(top + y, left + x, c, (int) Math.round(mixed));
                        }
                    }
                }
            }
        }
    }

    /** Drawn by OpenCV's generator, which one scene seeds. */
    private static void noise(Mat picture) {
        try (Mat values = new Mat(HEIGHT, WIDTH * 3, CV_8UC1);
                Mat noise = values.reshape(3);
                Mat mean = new Mat(1, 1, CV_64FC1, Scalar.all(128));
                Mat deviation = new Mat(1, 1, CV_64FC1, Scalar.all(NOISE))) {
            randn(values, mean, deviation);
            addWeighted(picture, 1, noise, 1, -128, picture);
        }
    }
}
