package io.facestream.photos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.messaging.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that keeps the networks' results, so that the next run need not compute them again. It has one file for each
 * photo and way of embedding it, named by a hash of both. The files are face templates, which are biometric data: only
 * the folder's owner may read it. A damaged entry counts as missing. The folder holds neither names nor photos.
 */
public final class EmbeddingCache {
    /** About 600,000 photos under the shipped network. */
    static final long MAX_BYTES = 1L << 30;

    private static final int MAGIC = 0x46534531;
    private static final int MAX_DIMENSIONS = 1 << 16;
    private static final int MAX_ENTRY_BYTES = 1 << 20;
    private static final int DIGEST_BYTES = 32;
    private static final String ENDING = ".face";
    private static final Pattern ENTRY = Pattern.compile("[0-9a-f]{64}\\.face");
    private static final Pattern DRAFT = Pattern.compile("draft\\d+\\.tmp");
    private static final Duration LONGEST_DRAFT = Duration.ofHours(1);
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path folder;
    private final long maxBytes;

    private EmbeddingCache(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /**
     * Opens the folder. Creates it, for its owner only, if it does not exist.
     *
     * @throws IOException if it is not a folder, or others may read it
     */
    public static EmbeddingCache open(Path folder) throws IOException {
        return open(folder, MAX_BYTES);
    }

    static EmbeddingCache open(Path folder, long maxBytes) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                throw new IOException(folder + " is not a folder");
            }
        } else {
            Files.createDirectory(
                    folder,
                    posix
                            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
                            : new FileAttribute<?>[0]);
        }
        if (posix && !PRIVATE.containsAll(Files.getPosixFilePermissions(folder))) {
            throw new IOException(folder + " would hold face templates, but others may read it: name a folder that"
                    + " does not exist, or one of mode 700");
        }
        return new EmbeddingCache(folder, maxBytes);
    }

    /**
     * The results for a photo.
     *
     * @param face null if no face was found; so are the others
     */
    record Entry(DetectedFace face, Quality quality, Embedding probe, Embedding sample) {
        static final Entry NO_FACE = new Entry(null, null, null, null);
    }

    private Path file(String key) {
        String name = Sha256.hex(key.getBytes(UTF_8));
        return folder.resolve(name.substring(0, 2)).resolve(name + ENDING);
    }

    /** The entry, if there is an undamaged one. */
    Optional<Entry> find(String key) throws IOException {
        Path file = file(key);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_ENTRY_BYTES);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Optional<Entry> entry = read(bytes);
        if (entry.isPresent()) {
            // Marks it as used last: entries that were not used for longer are deleted first.
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        }
        return entry;
    }

    /** Keeps an entry; another process sees it whole or not at all. */
    void put(String key, Entry entry) throws IOException {
        Path file = file(key);
        Files.createDirectories(file.getParent());
        Path draft = Files.createTempFile(file.getParent(), "draft", null);
        Files.write(draft, write(entry));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] write(Entry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeBoolean(entry.face() != null);
            if (entry.face() != null) {
                write(out, entry.face());
                write(out, entry.quality());
                write(out, entry.probe());
                write(out, entry.sample());
            }
            out.write(Sha256.of(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, DetectedFace face) throws IOException {
        Box box = face.box();
        floats(out, box.x(), box.y(), box.width(), box.height());
        Landmarks points = face.landmarks();
        for (Point point :
                List.of(points.leftEye(), points.rightEye(), points.nose(), points.leftMouth(), points.rightMouth())) {
            floats(out, point.x(), point.y());
        }
        floats(out, face.confidence());
    }

    private static void write(DataOutputStream out, Quality quality) throws IOException {
        Pose pose = quality.pose();
        floats(out, quality.size(), quality.sharpness(), quality.brightness(), pose.yaw(), pose.pitch(), pose.roll());
        floats(out, quality.norm());
    }

    private static void write(DataOutputStream out, Embedding embedding) throws IOException {
        out.writeInt(embedding.dimensions());
        floats(out, embedding.vector());
        floats(out, embedding.norm());
    }

    private static void floats(DataOutputStream out, float... values) throws IOException {
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static Optional<Entry> read(byte[] bytes) {
        int length = bytes.length - DIGEST_BYTES;
        if (length < 0
                || !Arrays.equals(
                        Sha256.of(Arrays.copyOf(bytes, length)), Arrays.copyOfRange(bytes, length, bytes.length))) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length))) {
            if (in.readInt() != MAGIC) {
                return Optional.empty();
            }
            if (!in.readBoolean()) {
                return Optional.of(Entry.NO_FACE);
            }
            return Optional.of(new Entry(face(in), quality(in), embedding(in), embedding(in)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static DetectedFace face(DataInputStream in) throws IOException {
        Box box = new Box(in.readFloat(), in.readFloat(), in.readFloat(), in.readFloat());
        Landmarks landmarks = new Landmarks(point(in), point(in), point(in), point(in), point(in));
        return new DetectedFace(box, landmarks, in.readFloat());
    }

    private static Point point(DataInputStream in) throws IOException {
        return new Point(in.readFloat(), in.readFloat());
    }

    private static Quality quality(DataInputStream in) throws IOException {
        float size = in.readFloat();
        float sharpness = in.readFloat();
        float brightness = in.readFloat();
        Pose pose = new Pose(in.readFloat(), in.readFloat(), in.readFloat());
        return new Quality(size, sharpness, brightness, pose, in.readFloat());
    }

    private static Embedding embedding(DataInputStream in) throws IOException {
        int dimensions = in.readInt();
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw new IOException("an embedding of " + dimensions + " dimensions");
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = in.readFloat();
        }
        return Embedding.ofUnitVector(vector, in.readFloat());
    }

    private record Kept(Path file, long bytes, FileTime used) {}

    /** Deletes the least recently used entries until at most {@value #MAX_BYTES} bytes are left. */
    public void trim() throws IOException {
        List<Kept> entries = new ArrayList<>();
        FileTime abandoned = FileTime.from(Instant.now().minus(LONGEST_DRAFT));
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (ENTRY.matcher(name).matches()) {
                    entries.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
                } else if (DRAFT.matcher(name).matches()
                        && Files.getLastModifiedTime(file).compareTo(abandoned) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
        entries.sort(Comparator.comparing(Kept::used));
        long bytes = entries.stream().mapToLong(Kept::bytes).sum();
        for (Kept oldest : entries) {
            if (bytes <= maxBytes) {
                return;
            }
            Files.deleteIfExists(oldest.file());
            bytes -= oldest.bytes();
        }
    }
}
