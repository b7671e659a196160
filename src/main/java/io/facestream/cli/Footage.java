package io.facestream.cli;

import io.facestream.cameras.StreamAddress;
import io.facestream.cameras.VideoInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What the arguments of {@code publish} name; opened at each round, and again when a stream breaks off. */
sealed interface Footage {
    /** Opens it from its start. */
    FrameSource open(Playback playback) throws IOException;

    /** Whether frames come when they come, and the end is a fault. */
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

    /** What a camera sends over RTSP or HTTP. */
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
     * Pictures, folders and globs of pictures make one sequence; anything else stands alone.
     *
     * @throws IllegalArgumentException if these cannot be one camera's footage
     * @throws IOException if an argument names nothing that there is
     */
    static Footage of(List<String> arguments) throws IOException {
        List<Path> pictures = new ArrayList<>();
        for (String argument : arguments) {
            boolean webcam = argument.startsWith(Webcam.PREFIX);
            boolean stream = argument.contains("://");
            boolean video = !webcam && !stream && isVideo(Path.of(argument));
            if ((webcam || stream || video) && arguments.size() > 1) {
                throw new IllegalArgumentException((stream ? StreamAddress.withoutCredentials(argument) : argument)
                        + " is no picture (" + String.join(", ", PictureFiles.ENDINGS)
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
            if (found.isEmpty()) {
                throw new IOException("no picture and no video at " + argument);
            }
            pictures.addAll(found);
        }
        return new Pictures(pictures);
    }

    private static boolean isVideo(Path file) {
        return Files.isRegularFile(file) && !PictureFiles.isPicture(file);
    }
}
