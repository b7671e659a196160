package io.facestream.cli.publish;

import io.facestream.cli.terminal.Failures;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.photos.LabelledPhotos;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Picture files as frames, in the order of their names, byte for byte as they are. */
public final class PictureFiles implements FrameSource {
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

    /**
     * A file whatever its name, or the pictures that a folder holds, not those of its folders, or that a glob matches; of folders and
     * globs without hidden files, such as macOS leaves beside each picture.
     */
    public static List<Path> list(String source) throws IOException {
        Path path = Path.of(source);
        if (Files.isDirectory(path)) {
            try (Stream<Path> children = Files.list(path)) {
                return children.filter(PictureFiles::isAmongPictures).sorted().toList();
            }
        }
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        return matches(path).stream()
                .filter(PictureFiles::isAmongPictures)
                .sorted()
                .toList();
    }

    private static boolean isAmongPictures(Path file) {
        return isPicture(file) && !LabelledPhotos.isHidden(file) && Files.isRegularFile(file);
    }

    /** What a glob matches; any of its parts may be a pattern, and none crosses folders. */
    private static List<Path> matches(Path glob) throws IOException {
        List<Path> found = List.of(glob.isAbsolute() ? glob.getRoot() : Path.of(""));
        for (Path part : glob) {
            List<Path> next = new ArrayList<>();
            for (Path folder : found) {
                next.addAll(matches(folder, part));
            }
            found = next;
        }
        return found;
    }

    /** A file of just that name comes before what it matches as a pattern. */
    private static List<Path> matches(Path folder, Path part) throws IOException {
        Path literal = folder.resolve(part);
        if (Files.exists(literal)) {
            return List.of(literal);
        }
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        PathMatcher pattern = FileSystems.getDefault().getPathMatcher("glob:" + part);
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> pattern.matches(child.getFileName()))
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
        try {
            byte[] image = read(file);
            PictureDecoder.requirePicture(image);
            return Optional.of(new SourceFrame(at, image, file.toString()));
        } catch (RejectedException e) {
            throw new UnusableFrameException(file + " is no picture: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UnusableFrameException(Failures.oneLine(e), e);
        }
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
