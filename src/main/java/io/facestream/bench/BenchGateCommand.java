package io.facestream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imread;

import io.facestream.cameras.motion.MotionGate;
import io.facestream.cameras.motion.Verdict;
import io.facestream.messaging.Json;
import io.facestream.video.FrameSampling;
import io.facestream.video.GreyPicture;
import io.facestream.video.VideoFrame;
import io.facestream.video.VideoInput;
import io.facestream.video.VideoReader;
import java.io.IOException;
import java.io.PrintWriter;
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
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.bytedeco.opencv.opencv_core.Mat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "gate",
        description = {
            "Measures what the cameras' motion gate lets pass of a recording whose truth is known.",
            "With --faces, also of made scenes: faces in the recording's empty frames, with switched lights, changes of"
                    + " exposure, night, a swaying tree, rain, and somebody who stands for ten minutes."
        },
        mixinStandardHelpOptions = true)
final class BenchGateCommand implements Callable<Integer> {
    private static final int FACES = 60;
    private static final double SCENE_SECONDS = 300;
    private static final double STANDING_SECONDS = 700;
    private static final int MOST_ROOM = 60;

    @Parameters(index = "0", paramLabel = "VIDEO", description = "The recording.")
    private Path video;

    @Option(
            names = "--occupied",
            required = true,
            split = ",",
            paramLabel = "FROM-TO",
            description = "When somebody is in it, in seconds, such as 6.0-19.7,22.7-44.9.")
    private List<String> occupied;

    @Option(names = "--faces", paramLabel = "FOLDER", description = "Photos of faces, such as those of LFW.")
    private Path faces;

    @Option(names = "--fps", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private double fps;

    @Option(
            names = "--hold",
            paramLabel = "DURATION",
            defaultValue = "PT1S",
            description = "How long the gate stays open after the last motion; default: ${DEFAULT-VALUE}.")
    private Duration hold;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the made scenes.")
    private long seed;

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final List<GreyPicture> room = new ArrayList<>();
    private double millisAFrame;

    /** A stretch of the recording, in seconds. */
    private record Stretch(double from, double to) {
        static Stretch of(String text) {
            String[] ends = text.split("-", -1);
            if (ends.length != 2) {
                throw new IllegalArgumentException("--occupied is FROM-TO in seconds, such as 6.0-19.7, not " + text);
            }
            return new Stretch(Double.parseDouble(ends[0]), Double.parseDouble(ends[1]));
        }
    }

    @Override
    public Integer call() throws IOException {
        List<Stretch> stretches;
        try {
            stretches = occupied.stream().map(Stretch::of).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (!(fps > 0 && fps <= 60)) {
            throw new ParameterException(spec.commandLine(), "--fps is above 0 and at most 60, not " + fps);
        }
        Map<String, GateTally.Result> results = new LinkedHashMap<>();
        results.put("recording", recording(stretches));
        if (faces != null) {
            List<GreyPicture> photos = photos();
            for (GateScene.Trouble trouble : GateScene.Trouble.values()) {
                results.put(trouble.name().toLowerCase(Locale.ROOT).replace('_', '-'), scene(trouble, photos));
            }
        }
        print(results);
        return 0;
    }

    private MotionGate gate() {
        return new MotionGate(new MotionGate.Times(hold, Duration.ofSeconds(10), Duration.ofSeconds(5)), fps);
    }

    private GateTally.Result recording(List<Stretch> stretches) throws IOException {
        GateTally tally = new GateTally(fps);
        FrameSampling sampling = new FrameSampling(fps);
        long nanos = 0;
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
                Verdict verdict =
                        gate.look(frame.grey(MotionGate.LONGER_SIDE), frame.at().toNanos());
                nanos += cpu() - begun;
                frames++;
                boolean somebody = stretches.stream().anyMatch(s -> second >= s.from && second <= s.to);
                tally.frame(somebody, verdict);
                // Frames well within empty stretches, without the shadows of who comes and goes.
                boolean near = stretches.stream().anyMatch(s -> second >= s.from - 1 && second <= s.to + 1);
                if (!near && room.size() < MOST_ROOM) {
                    room.add(frame.grey(Integer.MAX_VALUE));
                }
            }
        }
        millisAFrame = nanos / 1e6 / Math.max(1, frames);
        return tally.result();
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private List<GreyPicture> photos() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(faces)) {
            files = all.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty() || room.isEmpty()) {
            throw new IOException(files.isEmpty() ? "no .jpg below " + faces : "no empty frame in " + video);
        }
        List<GreyPicture> photos = new ArrayList<>();
        for (int i = 0; i < FACES; i++) {
            Path file = files.get(i * files.size() / FACES);
            try (Mat photo = imread(file.toString(), IMREAD_GRAYSCALE)) {
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

    private GateTally.Result scene(GateScene.Trouble trouble, List<GreyPicture> photos) {
        GateTally tally = new GateTally(fps);
        GateScene scene = new GateScene(room, photos, trouble, fps, seed);
        double seconds = trouble == GateScene.Trouble.STANDING ? STANDING_SECONDS : SCENE_SECONDS;
        try (MotionGate gate = gate()) {
            for (int i = 0; i < seconds * fps; i++) {
                GateScene.Frame frame = scene.next();
                tally.frame(frame.somebody(), gate.look(reduced(frame.picture()), Math.round(i / fps * 1e9)));
            }
        }
        return tally.result();
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

    private void print(Map<String, GateTally.Result> results) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new String(Json.write(Map.of("millisAFrame", millisAFrame, "results", results)), UTF_8));
            return;
        }
        out.println(String.format(
                Locale.ROOT,
                "%-13s %9s %8s %8s %10s %10s %7s %6s",
                "",
                "somebody:",
                "passed",
                "longest",
                "nobody:",
                "longest",
                "visits",
                "lost"));
        out.println(String.format(
                Locale.ROOT,
                "%-13s %9s %8s %8s %10s %10s %7s %6s",
                "",
                "frames",
                "",
                "gap, s",
                "passed",
                "open, s",
                "",
                "whole"));
        results.forEach((name, result) -> out.println(String.format(
                Locale.ROOT,
                "%-13s %9d %7.1f%% %8.1f %9.1f%% %10.1f %7d %6d",
                name,
                result.occupied(),
                100 * result.occupiedPassed(),
                result.longestGapSeconds(),
                100 * result.emptyPassed(),
                result.longestOpenSeconds(),
                result.visits(),
                result.visitsLost())));
        out.println(
                String.format(Locale.ROOT, "CPU of the gate, with the grey picture: %.2f ms a frame", millisAFrame));
    }
}
