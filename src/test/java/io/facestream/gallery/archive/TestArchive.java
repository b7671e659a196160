package io.facestream.gallery.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An archive that a test writes by hand: the entries of a zip, by name. */
final class TestArchive {
    private static final String CREATED = "2026-01-02T03:04:05.678901Z";

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final StringBuilder people = new StringBuilder();
    private final StringBuilder photos = new StringBuilder();
    private final StringBuilder negatives = new StringBuilder();

    TestArchive() {
        entries.put("archive.json", "{\"format\": 1}".getBytes(UTF_8));
    }

    TestArchive person(UUID id, String name) {
        people.append("{\"id\": \"%s\", \"name\": \"%s\", \"createdAt\": \"%s\", \"ignored\": false}\n"
                .formatted(id, name, CREATED));
        return this;
    }

    /** Nobody's, or merged into somebody. */
    TestArchive stranger(UUID id, UUID mergedInto, Instant expiresAt) {
        people.append(
                "{\"id\": \"%1$s\", \"createdAt\": \"%2$s\", \"ignored\": false, \"keptAt\": \"%2$s\", \"expiresAt\": \"%3$s\"%4$s}\n"
                        .formatted(
                                id,
                                CREATED,
                                expiresAt,
                                mergedInto == null ? "" : ", \"mergedInto\": \"" + mergedInto + "\""));
        return this;
    }

    /** A face that is not the person's. */
    TestArchive negative(UUID id, UUID person, byte[] picture) {
        negatives.append(
                "{\"id\": \"%1$s\", \"person\": \"%2$s\", \"source\": \"/cameras/lobby\", \"eventId\": \"%1$s\", \"createdAt\": \"%3$s\"}\n"
                        .formatted(id, person, CREATED));
        return entry("negatives/" + id + ".png", picture);
    }

    TestArchive photo(UUID id, UUID person, byte[] picture) {
        photos.append(
                ("{\"id\": \"%1$s\", \"person\": \"%2$s\", \"sha256\": \"%3$s%3$s\", \"enrolled\": true, \"quality\":"
                                + " {\"size\": 90, \"sharpness\": 1, \"brightness\": 1, \"pose\": {\"yaw\": 0,"
                                + " \"pitch\": 0, \"roll\": 0}}, \"topic\": \"labelled-faces\", \"partition\": 0,"
                                + " \"offset\": 1, \"createdAt\": \"%4$s\"}\n")
                        .formatted(id, person, id.toString().replace("-", ""), CREATED));
        return entry("photos/" + id + ".png", picture);
    }

    TestArchive entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    Path write(Path file) throws IOException {
        entries.putIfAbsent("people.jsonl", people.toString().getBytes(UTF_8));
        entries.putIfAbsent("photos.jsonl", photos.toString().getBytes(UTF_8));
        entries.putIfAbsent("negatives.jsonl", negatives.toString().getBytes(UTF_8));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}
