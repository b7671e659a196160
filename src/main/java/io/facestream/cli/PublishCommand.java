package io.facestream.cli;

import io.facestream.cli.FrameSource.SourceFrame;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "publish",
        description = {
            "Publishes frames to camera-frames, as a camera would.",
            "A video is played at its own speed, an RTSP stream or a webcam as it comes; a stream that breaks off is opened again."
        },
        mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
    private static final Duration REOPEN = Duration.ofSeconds(2);

    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE",
            description = "A video file, pictures, a folder or a quoted glob of pictures, rtsp://..., or webcam:0.")
    private List<String> sources;

    @Option(names = "--camera", required = true, paramLabel = "ID", description = "Which camera the frames are of.")
    private String camera;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "Frames a second of the source's time; all of a video's, and pictures at once, unless told.")
    private double framesPerSecond;

    @Option(names = "--loop", description = "Starts again at the end.")
    private boolean loop;

    @Option(names = "--unpaced", description = "A video as fast as Kafka takes it, not at its own speed.")
    private boolean unpaced;

    @Option(names = "--json", description = "Prints what was done as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private long published;
    private final List<String> tooLarge = new ArrayList<>();

    /** What was done. */
    record Summary(String camera, long published, List<String> tooLarge) {}

    @Override
    public Integer call() throws Exception {
        if (framesPerSecond < 0) {
            throw new ParameterException(spec.commandLine(), "--fps is positive, not " + framesPerSecond);
        }
        PrintWriter out = spec.commandLine().getOut();
        try (RecordPublisher publisher = new RecordPublisher(Settings.load(), Topic.CAMERA_FRAMES)) {
            do {
                publish(publisher);
            } while (loop);
            publisher.flush();
        }
        if (json) {
            out.println(new String(
                    Json.write(new Summary(camera, published, tooLarge)), java.nio.charset.StandardCharsets.UTF_8));
        } else {
            out.println("Published " + published + " frames of camera " + camera + ".");
        }
        return tooLarge.isEmpty() ? 0 : 1;
    }

    private void publish(RecordPublisher publisher) throws IOException, InterruptedException {
        while (true) {
            FrameSource source;
            try {
                source = open();
            } catch (IOException e) {
                if (published == 0 || !isLive()) {
                    throw e;
                }
                spec.commandLine().getErr().println(e.getMessage() + "; trying again");
                Thread.sleep(REOPEN.toMillis());
                continue;
            }
            try (source) {
                play(source, publisher);
            } catch (IOException e) {
                if (!source.live()) {
                    throw e;
                }
                spec.commandLine().getErr().println(e.getMessage());
            }
            if (!source.live()) {
                return;
            }
            spec.commandLine().getErr().println("The stream has ended; opening it again.");
            Thread.sleep(REOPEN.toMillis());
        }
    }

    private void play(FrameSource source, RecordPublisher publisher) throws IOException, InterruptedException {
        Instant started = Instant.now();
        boolean paced = !source.live() && !unpaced;
        for (Optional<SourceFrame> next = source.next(); next.isPresent(); next = source.next()) {
            SourceFrame frame = next.get();
            Instant due = started.plus(frame.at());
            if (frame.image().length >= Topic.CAMERA_FRAMES.maxMessageBytes() - (64 << 10)) {
                spec.commandLine()
                        .getErr()
                        .println(frame.name() + " is too large: " + frame.image().length
                                + " bytes, and a record has at most " + Topic.CAMERA_FRAMES.maxMessageBytes());
                tooLarge.add(frame.name());
                continue;
            }
            if (paced) {
                Duration early = Duration.between(Instant.now(), due);
                Thread.sleep(Math.max(0, early.toMillis()));
            }
            publisher.frame(camera, run + "-" + published, source.live() ? Instant.now() : due, frame.image());
            published++;
        }
    }

    private boolean isLive() {
        return sources.get(0).startsWith("rtsp") || sources.get(0).startsWith("webcam:");
    }

    private FrameSource open() throws IOException {
        String source = sources.get(0);
        if (source.startsWith("rtsp://") || source.startsWith("rtsps://")) {
            return VideoSource.rtsp(source, framesPerSecond);
        }
        if (source.startsWith("webcam:")) {
            try {
                return VideoSource.webcam(
                        Integer.parseUnsignedInt(source.substring("webcam:".length())), framesPerSecond);
            } catch (NumberFormatException e) {
                throw new ParameterException(
                        spec.commandLine(), "a webcam is webcam:0, webcam:1, ..., not " + source, e);
            }
        }
        List<Path> pictures = new ArrayList<>();
        for (String name : sources) {
            pictures.addAll(PictureFiles.list(name));
        }
        if (pictures.isEmpty()) {
            throw new IOException("no picture and no video at " + String.join(" ", sources));
        }
        if (pictures.size() == 1 && Files.isRegularFile(Path.of(source)) && !PictureFiles.isPicture(pictures.get(0))) {
            return VideoSource.file(source, framesPerSecond);
        }
        Duration interval = framesPerSecond > 0 ? Duration.ofNanos(Math.round(1e9 / framesPerSecond)) : Duration.ZERO;
        return new PictureFiles(pictures, interval);
    }
}
