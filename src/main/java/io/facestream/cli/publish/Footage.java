package io.facestream.cli.publish;

import io.facestream.video.StreamAddress;
import io.facestream.video.VideoInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The footage that the arguments of {@code publish} name. It is opened for each round, and again when a stream breaks
 * off.
 */
sealed interface Footage {
    /** File names that cameras, recorders and phones give to videos. */
    Pattern VIDEO = Pattern.compile("(?i)[^.].*\\.(mp4|m4v|mov|mkv|avi|ts|m2ts|mts|mpg|mpeg|h264|264|h265|265|hevc|dav"
            + "|mjpg|mjpeg|webm|wmv|flv|3gp)");

    /** Opens it from its start. */
    FrameSource open(Playback playback) throws IOException;

    /** Whether the source sets the pace, and its end is a fault. */
    boolean live();

    /** Picture files; at least one. */
    record Pictures(List<Path> files) implements Footage {
        @Override
        public FrameSource open(Playback playback) {
            OptionalDouble framesPerSecond = playback.framesPerSecond();
            return new PictureFiles(
                    files,
                    framesPerSecond.isPresent()
                            ? Duration.ofNanos(Math.round(1e9 / framesPerSecond.getAsDouble()))
                            : Duration.ZERO);
        }

        @Override
        public boolean live() {
            return false;
        }
    }

    /** A video file. */
    record Video(Path file) implements Footage {
        @Override
        public FrameSource open(Playback playback) throws IOException {
            return new VideoSource(VideoInput.file(file), playback);
        }

        @Override
        public boolean live() {
            return false;
        }
    }

    /** A camera's stream over RTSP or HTTP. */
    record Stream(StreamAddress address) implements Footage {
        @Override
        public FrameSource open(Playback playback) throws IOException {
            return new VideoSource(VideoInput.stream(address), playback);
        }

        @Override
        public boolean live() {
            return true;
        }
    }

    /** A camera of this machine, 0 for the first. */
    record Webcam(int number) implements Footage {
        private static final String PREFIX = "webcam:";

        static Webcam of(String argument) {
            try {
                return new Webcam(Integer.parseUnsignedInt(argument.substring(PREFIX.length())));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a webcam is webcam:0, webcam:1, ..., not " + argument, e);
            }
        }

        @Override
        public FrameSource open(Playback playback) throws IOException {
            return new VideoSource(VideoInput.webcam(number), playback);
        }

        @Override
        public boolean live() {
            return true;
        }
    }

    /**
     * Pictures, and folders and globs of pictures, make one sequence; anything else stands alone.
     *
     * @param notices gets a line about videos in folders, which are left out
     * @throws IllegalArgumentException if these cannot be the footage of one camera
     * @throws IOException if an argument matches nothing
     */
    static Footage of(List<String> arguments, Consumer<String> notices) throws IOException {
        List<Path> pictures = new ArrayList<>();
        for (String argument : arguments) {
            boolean webcam = argument.startsWith(Webcam.PREFIX);
            boolean stream = argument.contains("://");
            boolean video = !webcam && !stream && isVideo(Path.of(argument));
            if ((webcam || stream || video) && arguments.size() > 1) {
                throw new IllegalArgumentException((stream ? StreamAddress.withoutCredentials(argument) : argument)
                        + " is not a picture (" + String.join(", ", PictureFiles.ENDINGS)
                        + "), and everything else is published alone");
            }
            if (webcam) {
                return Webcam.of(argument);
            }
            if (stream) {
                return new Stream(StreamAddress.of(argument));
            }
            if (video) {
                return new Video(Path.of(argument));
            }
            List<Path> found = PictureFiles.list(argument);
            long videos = videosIn(Path.of(argument));
            if (found.isEmpty()) {
                throw new IOException(
                        videos == 0
                                ? "no picture and no video at " + argument
                                : "no picture at " + argument + ", only videos: publish each by its own name");
            }
            if (videos > 0) {
                notices.accept(argument + ": " + videos + " videos are left out; publish each by its own name");
            }
            pictures.addAll(found);
        }
        return new Pictures(pictures);
    }

    /** How many files of a folder are named like videos. */
    private static long videosIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        // The plain name Stream means this interface's own type.
        try (java.util.stream.Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isRegularFile)
                    .filter(file -> VIDEO.matcher(file.getFileName().toString()).matches())
                    .count();
        }
    }

    private static boolean isVideo(Path file) {
        return Files.isRegularFile(file) && !PictureFiles.isPicture(file);
    }
}
