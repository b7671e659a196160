package io.facestream.cli.publish;

import io.facestream.cli.terminal.Failures;
import io.facestream.frames.FrameTopic;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
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

/** Picture files as frames, sorted by name, with their bytes unchanged. */
public final class PictureFiles implements FrameSource {
    /** Endings of picture files, in lower case. */
    static final List<String> ENDINGS = List.of("jpg", "jpeg", "png", "webp");

    private final Iterator<Path> files;
    private final Duration interval;
    private int count;

    /** @param interval time between two pictures; zero if they come at once, each with the time at which it is read */
    PictureFiles(List<Path> files, Duration interval) {
        this.files = files.iterator();
        this.interval = interval;
    }

    /** Whether the file's name has a picture's ending. */
    static boolean isPicture(Path file) {
        String name = file.getFileName().toString();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * A single file, whatever its name; or the pictures directly in a folder; or those that a glob matches. Folders and
     * globs leave out hidden files, such as macOS puts beside each picture.
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

    /** The files that a glob matches. Any of its parts may be a pattern; no pattern crosses folders. */
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

    /** A file with exactly that name wins over the pattern's matches. */
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
            throw new UnusableFrameException(file + " is not a picture: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UnusableFrameException(Failures.oneLine(e), e);
        }
    }

    /** Reads at most one byte more than fits into a record: enough to see that it is too large. */
    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(FrameTopic.MAX_PICTURE_BYTES + 1);
        }
    }

    @Override
    public Duration end() {
        return interval.multipliedBy(count);
    }

    @Override
    public void close() {}
}
