package io.facestream.bench.gate;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imread;

import io.facestream.cameras.motion.MotionGate;
import io.facestream.cameras.motion.Verdict;
import io.facestream.video.FrameSampling;
import io.facestream.video.GreyPicture;
import io.facestream.video.VideoFrame;
import io.facestream.video.VideoInput;
import io.facestream.video.VideoReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.opencv.opencv_core.Mat;

/** Lets the motion gate look at a recording, and at scenes made of the recording's empty frames. */
final class GateBench {
    private static final int FACES = 60;
    private static final double SCENE_SECONDS = 300;
    private static final double STANDING_SECONDS = 700;
    private static final int MOST_ROOM = 60;

    private final double fps;
    private final Duration hold;
    private final List<GreyPicture> room = new ArrayList<>();

    GateBench(double fps, Duration hold) {
        this.fps = fps;
        this.hold = hold;
    }

    /** A stretch of the recording, in seconds. */
    record Stretch(double from, double to) {
        private boolean holds(double second, double margin) {
            return second >= from - margin && second <= to + margin;
        }
    }

    /**
     * What came of the recording.
     *
     * @param greyMillis CPU time of making a frame's small grey picture
     * @param gateMillis CPU time of looking at it
     */
    record Recording(GateTally.Result passed, double greyMillis, double gateMillis) {}

    private MotionGate gate() {
        return new MotionGate(new MotionGate.Times(hold, Duration.ofSeconds(10), Duration.ofSeconds(5)), fps);
    }

    /** @param occupied when somebody is in it */
    Recording recording(Path video, List<Stretch> occupied) throws IOException {
        GateTally tally = new GateTally(fps, hold);
        FrameSampling sampling = new FrameSampling(fps);
        long greyNanos = 0;
        long gateNanos = 0;
        int frames = 0;
        try (VideoReader reader = VideoReader.open(VideoInput.file(video), 0, notice -> {});
                MotionGate gate = gate()) {
            for (Optional<VideoFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
                VideoFrame frame = next.get();
                if (!sampling.takes(frame.at().toNanos() / 1_000)) {
                    continue;
                }
                double second = frame.at().toNanos() / 1e9;
                long begun = cpu();
                GreyPicture grey = frame.grey(MotionGate.LONGER_SIDE);
                long made = cpu();
                Verdict verdict = gate.look(grey, frame.at().toNanos());
                greyNanos += made - begun;
                gateNanos += cpu() - made;
                frames++;
                boolean somebody = occupied.stream().anyMatch(stretch -> stretch.holds(second, 0));
                tally.frame(somebody ? GateScene.Presence.SOMEBODY : GateScene.Presence.NOBODY, verdict);
                // Frames well within empty stretches, without the shadows of who comes and goes.
                if (room.size() < MOST_ROOM && occupied.stream().noneMatch(stretch -> stretch.holds(second, 1))) {
                    room.add(frame.grey(Integer.MAX_VALUE));
                }
            }
        }
        return new Recording(
                tally.result(), greyNanos / 1e6 / Math.max(1, frames), gateNanos / 1e6 / Math.max(1, frames));
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /**
     * Scenes of each kind in the room of the recording, which has been looked at before.
     *
     * @param faces folder of photos
     * @param seed of the first scene of each kind; the next number is the second's
     * @return results by kind
     */
    Map<String, GateTally.Result> scenes(Path faces, long seed, int scenes) throws IOException {
        if (room.isEmpty()) {
            throw new IOException("the recording has no empty frame to make scenes of");
        }
        List<GreyPicture> photos = photos(faces);
        Map<String, GateTally.Result> results = new LinkedHashMap<>();
        for (GateScene.Trouble trouble : GateScene.Trouble.values()) {
            GateTally tally = new GateTally(fps, hold);
            for (int i = 0; i < scenes; i++) {
                scene(new GateScene(room, photos, trouble, fps, seed + i), trouble, tally);
                tally.cut();
            }
            results.put(trouble.name().toLowerCase(Locale.ROOT).replace('_', '-'), tally.result());
        }
        return results;
    }

    private static List<GreyPicture> photos(Path faces) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(faces)) {
            files = all.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            throw new IOException("no .jpg below " + faces);
        }
        List<GreyPicture> photos = new ArrayList<>();
        for (int i = 0; i < FACES; i++) {
            Path file = files.get(i * files.size() / FACES);
            try (Mat photo = imread(file.toString(), IMREAD_GRAYSCALE)) {
                if (photo.empty()) {
                    throw new IOException("cannot read " + file);
                }
                byte[] pixels = new byte[photo.rows() * photo.cols()];
                photo.data().get(pixels);
                photos.add(middle(new GreyPicture(photo.cols(), photo.rows(), pixels)));
            }
        }
        return photos;
    }

    /** The middle half, where LFW has the face. */
    private static GreyPicture middle(GreyPicture photo) {
        int width = photo.width() / 2;
        int height = photo.height() / 2;
        byte[] pixels = new byte[width * height];
        for (int row = 0; row < height; row++) {
            System.arraycopy(
                    photo.pixels(), (row + height / 2) * photo.width() + width / 2, pixels, row * width, width);
        }
        return new GreyPicture(width, height, pixels);
    }

    private void scene(GateScene scene, GateScene.Trouble trouble, GateTally tally) {
        double seconds = trouble == GateScene.Trouble.STANDING ? STANDING_SECONDS : SCENE_SECONDS;
        try (MotionGate gate = gate()) {
            for (int i = 0; i < seconds * fps; i++) {
                GateScene.Frame frame = scene.next();
                tally.frame(frame.presence(), gate.look(reduced(frame.picture()), Math.round(i / fps * 1e9)));
            }
        }
    }

    /** The mean over squares, as the gate's pictures of a camera are made. */
    private static GreyPicture reduced(GreyPicture picture) {
        int step =
                Math.max(1, Math.round(Math.max(picture.width(), picture.height()) / (float) MotionGate.LONGER_SIDE));
        int columns = picture.width() / step;
        int rows = picture.height() / step;
        byte[] pixels = new byte[columns * rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int sum = 0;
                for (int y = 0; y < step; y++) {
                    for (int x = 0; x < step; x++) {
                        sum += picture.pixels()[(row * step + y) * picture.width() + column * step + x] & 0xff;
                    }
                }
                pixels[row * columns + column] = (byte) Math.round(sum / (float) (step * step));
            }
        }
        return new GreyPicture(columns, rows, pixels);
    }
}
