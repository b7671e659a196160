package io.facestream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What the arguments of {@code publish} name; opened at each round, and again when a stream breaks off. */
sealed interface Footage {
    /**
     * Opens it from its start.
     *
     * @param framesPerSecond how many to take, positive; empty for all of a video's and for pictures at once
     */
    FrameSource open(OptionalDouble framesPerSecond) throws IOException;

    /** Whether frames come when they come, and the end is a fault. */
    boolean live();

    /** Picture files; at least one. */
    record Pictures(List<Path> files) implements Footage {
        @Override
        public FrameSource open(OptionalDouble framesPerSecond) {
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
        public FrameSource open(OptionalDouble framesPerSecond) throws IOException {
            return VideoSource.file(file, framesPerSecond);
        }

        @Override
        public boolean live() {
            return false;
        }
    }

    /** An RTSP stream; its address may hold a password. */
    record Stream(String url) implements Footage {
        @Override
        public FrameSource open(OptionalDouble framesPerSecond) throws IOException {
            return VideoSource.rtsp(url, framesPerSecond);
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
        public FrameSource open(OptionalDouble framesPerSecond) throws IOException {
            return VideoSource.webcam(number, framesPerSecond);
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
            boolean stream = argument.toLowerCase(Locale.ROOT).matches("rtsps?://.*");
            boolean video = !webcam && !stream && isVideo(Path.of(argument));
            if ((webcam || stream || video) && arguments.size() > 1) {
                throw new IllegalArgumentException((stream ? VideoSource.withoutCredentials(argument) : argument)
                        + " is no picture (" + String.join(", ", PictureFiles.ENDINGS)
                        + "), and everything else is published alone");
            }
            if (webcam) {
                return Webcam.of(argument);
            }
            if (stream) {
                return new Stream(argument);
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
