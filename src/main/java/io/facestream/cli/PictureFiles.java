package io.facestream.cli;

import io.facestream.messaging.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Picture files as frames, in the order of their names, byte for byte as they are. */
final class PictureFiles implements FrameSource {
    /** Of the names of pictures, in lower case. */
    static final List<String> ENDINGS = List.of("jpg", "jpeg", "png", "webp");

    private final Iterator<Path> files;
    private final Duration interval;
    private int count;

    /** @param interval between two of them; zero if they come at once, each of the moment it is read at */
    PictureFiles(List<Path> files, Duration interval) {
        this.files = files.iterator();
        this.interval = interval;
    }

    /** Whether the file's name ends like that of a picture. */
    static boolean isPicture(Path file) {
        String name = file.getFileName().toString();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /** A file whatever its name, or the pictures that a folder holds, not those of its folders, or that a glob matches. */
    static List<Path> list(String source) throws IOException {
        Path path = Path.of(source);
        if (Files.isDirectory(path)) {
            try (Stream<Path> children = Files.list(path)) {
                return children.filter(Files::isRegularFile)
                        .filter(PictureFiles::isPicture)
                        .sorted()
                        .toList();
            }
        }
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        Path parent = path.getParent() == null ? Path.of("") : path.getParent();
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        PathMatcher glob = FileSystems.getDefault().getPathMatcher("glob:" + path.getFileName());
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(child -> glob.matches(child.getFileName()))
                    .filter(Files::isRegularFile)
                    .filter(PictureFiles::isPicture)
                    .sorted()
                    .toList();
        }
    }

    @Override
    public Optional<SourceFrame> next() throws IOException {
        if (!files.hasNext()) {
            return Optional.empty();
        }
        Path file = files.next();
        Optional<Duration> at = interval.isZero() ? Optional.empty() : Optional.of(end());
        count++;
        return Optional.of(new SourceFrame(at, read(file), file.toString()));
    }

    /** At most a byte more than a record takes: enough to see that it is too large. */
    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(RecordPublisher.maxPictureBytes(Topic.CAMERA_FRAMES) + 1);
        }
    }

    @Override
    public Duration end() {
        return interval.multipliedBy(count);
    }

    @Override
    public void close() {}
}
