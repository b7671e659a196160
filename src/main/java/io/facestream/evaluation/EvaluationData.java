package io.facestream.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.Undecodable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The data that a report is about.
 *
 * @param images the folder of --images
 * @param strangers the folder of --strangers; null if there is none
 * @param files list files that were given, by the option's name
 * @param identical photos with the same bytes, at most {@value #MOST_SHOWN} groups. For one person they are really one
 *     photo; for two people they are a labelling mistake
 * @param undecodable files that no figure counts
 */
public record EvaluationData(
        Folder images,
        Folder strangers,
        Map<String, ListFile> files,
        List<List<String>> identical,
        List<Undecodable> undecodable) {
    private static final int MOST_SHOWN = 100;

    /**
     * Photos of a folder that took part.
     *
     * @param people 0 if photos have no names
     * @param sha256 digest of the sorted lines {@code SHA256 NAME/FILE}, in the format of {@code sha256sum}
     */
    public record Folder(String folder, int people, int photos, String sha256) {
        public static Folder of(Path folder, List<EmbeddedPhoto> photos) {
            return new Folder(
                    folder.toString(),
                    (int) photos.stream()
                            .map(photo -> photo.photo().name())
                            .distinct()
                            .count(),
                    photos.size(),
                    digest(photos.stream()
                            .map(photo ->
                                    line(photo.source().sha256(), photo.photo().label()))));
        }

        public static Folder of(Path folder, Detection detection) {
            return new Folder(
                    folder.toString(),
                    0,
                    detection.judged().size() + detection.undecodable().size(),
                    digest(Stream.concat(
                            detection.judged().stream()
                                    .map(judged -> line(
                                            judged.sha256(),
                                            judged.file().getFileName().toString())),
                            detection.undecodable().stream()
                                    .map(file -> line(
                                            file.sha256(),
                                            Path.of(file.file()).getFileName().toString())))));
        }

        private static String line(String sha256, String name) {
            return (sha256 == null ? "0".repeat(64) : sha256) + "  " + name + "\n";
        }

        /** Sorts by the bytes of the names, as {@code LC_ALL=C} does. */
        private static String digest(Stream<String> lines) {
            Comparator<byte[]> byBytes = Arrays::compareUnsigned;
            StringBuilder sorted = new StringBuilder();
            lines.sorted(Comparator.comparing(line -> line.substring(64).getBytes(UTF_8), byBytes))
                    .forEach(sorted::append);
            return Sha256.hex(sorted.toString().getBytes(UTF_8));
        }
    }

    public record ListFile(String file, String sha256) {
        public static ListFile of(Path file) throws IOException {
            return new ListFile(file.toString(), Sha256.hex(Files.readAllBytes(file)));
        }
    }

    /** The files that cannot be decoded. */
    public static List<Undecodable> undecodable(Collection<EmbeddedPhoto> photos) {
        return photos.stream()
                .filter(photo -> !photo.decodable())
                .map(Undecodable::of)
                .toList();
    }

    /** Groups of files with the same bytes. */
    public static List<List<String>> identical(Collection<EmbeddedPhoto> photos) {
        Map<String, List<String>> byBytes = new LinkedHashMap<>();
        for (EmbeddedPhoto photo : photos) {
            if (photo.decodable()) {
                byBytes.computeIfAbsent(photo.source().sha256(), sha256 -> new ArrayList<>())
                        .add(photo.photo().file().toString());
            }
        }
        return byBytes.values().stream()
                .filter(files -> files.stream().distinct().count() > 1)
                .limit(MOST_SHOWN)
                .toList();
    }
}
