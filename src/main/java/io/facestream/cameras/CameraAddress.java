package io.facestream.cameras;

import io.facestream.video.StreamAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a camera's pictures come from. Other schemes than these are refused. */
public sealed interface CameraAddress {
    /** Longer addresses are a mistake. */
    int MOST_CHARACTERS = 2_048;

    /** Whether only one machine can reach it. */
    default boolean needsHost() {
        return true;
    }

    /** A camera on the network. */
    record Stream(String url) implements CameraAddress {
        private static final Pattern USER = Pattern.compile("(?i)[a-z]+://[^/?#]*@.*", Pattern.DOTALL);

        /** Parameters that hold a login, whatever comes before and after these words. */
        private static final Pattern LOGIN = Pattern.compile(
                "(?i)[?&;/][^=&;/?]*(user|usr|pass|pwd|login|auth|token|secret|credential|api[-_]?key)[^=&;/?]*="
                        + "(?!\\{(user|password)\\}([&;/?#]|$))[^&;/?#]+");

        private static final Pattern PLACEHOLDER = Pattern.compile("\\{(user|password)\\}");

        /** Outside the query, which no message shows, a login would be shown. */
        private static final Pattern MISPLACED = Pattern.compile("[^?]*\\{(user|password)\\}.*", Pattern.DOTALL);

        public Stream {
            if (USER.matcher(url).matches()) {
                throw new IllegalArgumentException(StreamAddress.withoutCredentials(url)
                        + " has a user or a password in it: put them into a file, and name it as the secret");
            }
            if (LOGIN.matcher(url).find()) {
                throw new IllegalArgumentException(StreamAddress.withoutCredentials(url)
                        + " has a login in its parameters: write {user} and {password} there, and name a secret");
            }
            if (MISPLACED.matcher(url).matches()) {
                throw new IllegalArgumentException(StreamAddress.withoutCredentials(url)
                        + " has {user} or {password} before its question mark: only parameters after it may have them");
            }
            StreamAddress.of(PLACEHOLDER.matcher(url).replaceAll("x"));
        }

        @Override
        public boolean needsHost() {
            return false;
        }

        boolean isHttp() {
            return url.toLowerCase(Locale.ROOT).startsWith("http");
        }

        boolean hasPlaceholder() {
            return PLACEHOLDER.matcher(url).find();
        }

        /**
         * With the login of its secret.
         *
         * @throws IllegalArgumentException if the secret is for another host
         */
        StreamAddress with(Optional<CameraSecret> secret) {
            return secret.isEmpty() ? StreamAddress.of(url) : secret.get().applyTo(url);
        }

        @Override
        public String toString() {
            return StreamAddress.withoutCredentials(url);
        }
    }

    /** A camera of the machine, 0 for the first. */
    record Webcam(int number) implements CameraAddress {
        static final String PREFIX = "webcam:";
        private static final int MOST = 63;

        public Webcam {
            if (number < 0 || number > MOST) {
                throw new IllegalArgumentException("a webcam is webcam:0 to webcam:" + MOST + ", not webcam:" + number);
            }
        }

        @Override
        public String toString() {
            return PREFIX + number;
        }
    }

    /** A video below {@code facestream.cameras.folder}, played again and again. */
    record Recording(Path name) implements CameraAddress {
        static final String PREFIX = "file:";

        public Recording {
            if (name.isAbsolute()
                    || name.toString().isEmpty()
                    || !name.equals(name.normalize())
                    || name.startsWith("..")) {
                throw new IllegalArgumentException(PREFIX + ShownText.of(name.toString())
                        + " is not a plain name below facestream.cameras.folder, such as file:hall/day.mp4");
            }
        }

        /**
         * The file itself.
         *
         * @throws IOException if there is none, or it is not really below the folder
         */
        Path below(Optional<Path> folder) throws IOException {
            if (folder.isEmpty()) {
                throw new IOException(this + " needs facestream.cameras.folder, which is not set");
            }
            Path file = folder.get().resolve(name);
            if (!Files.isRegularFile(file)) {
                throw new IOException(this + " is not a file below facestream.cameras.folder");
            }
            Path real = file.toRealPath();
            if (!real.startsWith(folder.get().toRealPath())) {
                throw new IOException(this + " is a link that leads out of facestream.cameras.folder");
            }
            return real;
        }

        @Override
        public String toString() {
            return PREFIX + name;
        }
    }

    /** @throws IllegalArgumentException naming the address, without any login, and what is allowed */
    static CameraAddress of(String url) {
        if (url.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "url has at most " + MOST_CHARACTERS + " characters, not " + url.length());
        }
        if (url.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("url contains a control character");
        }
        if (url.matches("(?i)(rtsps?|https?)://.*")) {
            return new Stream(url);
        }
        if (url.startsWith(Webcam.PREFIX)) {
            try {
                return new Webcam(Integer.parseUnsignedInt(url.substring(Webcam.PREFIX.length())));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a webcam is webcam:0, webcam:1, ..., not " + ShownText.of(url), e);
            }
        }
        if (url.startsWith(Recording.PREFIX) && !url.startsWith(Recording.PREFIX + "//")) {
            return new Recording(Path.of(url.substring(Recording.PREFIX.length())));
        }
        throw new IllegalArgumentException(ShownText.of(StreamAddress.withoutCredentials(url))
                + " is none of rtsp://, rtsps://, http://, https://, webcam:0, file:NAME");
    }
}
