package io.facestream.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.facestream.embeddings.Embedding;
import io.facestream.evaluation.SyntheticFaces;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.photos.EmbeddingCache.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingCacheTest {
    @TempDir
    private Path parent;

    @Test
    void anEntryComesBackToTheLastBit() throws Exception {
        EmbeddingCache cache = EmbeddingCache.open(parent.resolve("cache"));
        Entry entry = entry(1);

        cache.put("a photo", entry);

        Entry found =
                EmbeddingCache.open(parent.resolve("cache")).find("a photo").orElseThrow();
        assertThat(found).isEqualTo(entry);
        assertThat(found.probe().vector()).containsExactly(entry.probe().vector());
        assertThat(cache.find("another photo")).isEmpty();
    }

    @Test
    void aPhotoWithoutAFaceIsRememberedToo() throws Exception {
        EmbeddingCache cache = EmbeddingCache.open(parent.resolve("cache"));

        cache.put("a landscape", Entry.NO_FACE);

        assertThat(cache.find("a landscape")).contains(Entry.NO_FACE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 60, -33, -1})
    void aDamagedEntryCountsAsNone(int at) throws Exception {
        EmbeddingCache cache = EmbeddingCache.open(parent.resolve("cache"));
        cache.put("a photo", entry(1));
        Path file = files(parent.resolve("cache")).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[at < 0 ? bytes.length + at : at] ^= 1;
        Files.write(file, bytes);

        assertThat(cache.find("a photo")).isEmpty();
        cache.put("a photo", entry(2));
        assertThat(cache.find("a photo")).contains(entry(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 100})
    void anEntryThatBreaksOffCountsAsNone(int length) throws Exception {
        EmbeddingCache cache = EmbeddingCache.open(parent.resolve("cache"));
        cache.put("a photo", entry(1));
        Path file = files(parent.resolve("cache")).get(0);
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), length));

        assertThat(cache.find("a photo")).isEmpty();
    }

    @Test
    void theFolderIsItsOwnersAlone() throws Exception {
        EmbeddingCache.open(parent.resolve("deep/cache")).put("a photo", entry(1));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve("deep/cache"))))
                .isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-xr-x", "rwx--x---", "rwxrwxrwx"})
    void aFolderThatOthersMayLookIntoIsRefused(String permissions) throws Exception {
        Path open = Files.createDirectory(parent.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));

        assertThatIOException()
                .isThrownBy(() -> EmbeddingCache.open(open))
                .withMessageStartingWith(open + " would hold face templates, but others may read it");
    }

    @Test
    void aFileIsNoFolder() throws Exception {
        Path file = Files.createFile(parent.resolve("file"));

        assertThatIOException().isThrownBy(() -> EmbeddingCache.open(file)).withMessage(file + " is not a folder");
    }

    @Test
    void thoseThatWereNotUsedForLongestGoWhereThereIsNoRoom() throws Exception {
        Path folder = parent.resolve("cache");
        EmbeddingCache cache = EmbeddingCache.open(folder);
        for (int i = 0; i < 4; i++) {
            cache.put("photo " + i, entry(i));
        }
        Path strange = Files.writeString(folder.resolve("notes.txt"), "the user's own");
        for (Path file : files(folder)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        }
        // Used just now.
        assertThat(cache.find("photo 2")).isPresent();
        long size = Files.size(files(folder).get(0));

        EmbeddingCache.open(folder, 2 * size).trim();

        assertThat(files(folder)).hasSize(2);
        assertThat(cache.find("photo 2")).isPresent();
        assertThat(strange).exists();
    }

    @Test
    void whatAKilledRunLeftHalfWrittenGoesAfterAWhile() throws Exception {
        Path folder = parent.resolve("cache");
        EmbeddingCache cache = EmbeddingCache.open(folder);
        cache.put("a photo", entry(1));
        Path subfolder = files(folder).get(0).getParent();
        Path old = Files.createTempFile(subfolder, "draft", null);
        Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
        Path ofAnotherProcess = Files.createTempFile(subfolder, "draft", null);

        cache.trim();

        assertThat(old).doesNotExist();
        assertThat(ofAnotherProcess).exists();
        assertThat(cache.find("a photo")).isPresent();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".face")).toList();
        }
    }

    private static Entry entry(long seed) {
        Random random = new Random(seed);
        Point point = new Point(random.nextFloat(), -random.nextFloat());
        DetectedFace face = new DetectedFace(
                new Box(1.5f, -2, 30, 40), new Landmarks(point, point, new Point(3, 4), point, point), 0.97f);
        Quality quality = new Quality(30, 512.5f, 100, new Pose(1, 2, 3), 55.5f);
        return new Entry(face, quality, embedding(random), embedding(random));
    }

    private static Embedding embedding(Random random) {
        return Embedding.ofNetworkOutput(SyntheticFaces.around(new float[192], 1, random));
    }
}
