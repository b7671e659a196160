package io.facestream.gallery.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;

/** Writes people and their photos into an archive, as they are at one moment. */
public final class GalleryExport {
    static final String HEADER = "archive.json";
    static final String PEOPLE = "people.jsonl";
    static final String PHOTOS = "photos.jsonl";
    static final String TRACES = "traces.jsonl";
    static final String PICTURES = "photos/";
    static final String SHOTS = "shots/";

    private static final Duration LONGEST_STATEMENT = Duration.ofHours(1);
    private static final UUID FIRST = new UUID(0, 0);

    /** Of photos at a time, which a row of the audit trail is about. */
    private static final int PAGE = 500;

    private final DataSource dataSource;

    /** @param dataSource as the owner of the schema */
    public GalleryExport(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** How much was written. */
    public record Written(long people, long photos) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(String json, byte[] picture) {}

    /**
     * Writes a new file, which only its owner may read. If it fails, there is none.
     *
     * @param person whose id, with everything that is held of the person; null for everybody
     * @param vectors whether it has them
     */
    public Written write(Path to, UUID person, boolean vectors) throws SQLException, IOException {
        if (Files.exists(to)) {
            throw new FileAlreadyExistsException(to.toString());
        }
        Path part = to.resolveSibling(to.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Written written;
            try (OutputStream file = Files.newOutputStream(part, StandardOpenOption.WRITE);
                    ZipOutputStream zip = new ZipOutputStream(file)) {
                written = Sql.inTransaction(dataSource, LONGEST_STATEMENT, sql -> {
                    // everything is as it is at the transaction's beginning
                    sql.execute("set transaction isolation level repeatable read");
                    return write(zip, sql, person, vectors);
                });
            }
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
            return written;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Written write(ZipOutputStream zip, Sql sql, UUID person, boolean vectors) throws SQLException, IOException {
        Map<String, String> versions = new TreeMap<>();
        if (vectors) {
            for (ModelVersion version : new ModelRegistry(dataSource).live()) {
                versions.put(version.version(), version.sha256());
            }
        }
        entry(zip, HEADER, Json.write(new ArchiveHeader(ArchiveHeader.FORMAT, Instant.now(), versions)));
        List<String> people =
                sql.query("select p from facestream.export_people(?::uuid) p", row -> row.getString(1), person);
        entry(zip, PEOPLE, lines(people));
        List<String> photos = new ArrayList<>();
        for (List<Row> page = page(sql, person, FIRST, vectors); !page.isEmpty(); ) {
            UUID last = null;
            for (Row photo : page) {
                last = id(photo.json());
                photos.add(photo.json());
                entry(zip, PICTURES + last + ".png", photo.picture());
            }
            page = page(sql, person, last, vectors);
        }
        entry(zip, PHOTOS, lines(photos));
        if (person != null) {
            traces(zip, sql, person);
        }
        return new Written(people.size(), photos.size());
    }

    private static List<Row> page(Sql sql, UUID person, UUID after, boolean vectors) throws SQLException {
        return sql.query(
                "select photo, chip from facestream.export_photos(?::uuid, ?, ?, ?)",
                row -> new Row(row.getString(1), row.getBytes(2)),
                person,
                after,
                PAGE,
                vectors);
    }

    private static UUID id(String photo) throws IOException {
        try {
            return Json.read(photo.getBytes(UTF_8), ArchivedPhoto.class).id();
        } catch (RejectedException e) {
            throw new IOException("the database has a photo that is none: " + e.getMessage(), e);
        }
    }

    private static void traces(ZipOutputStream zip, Sql sql, UUID person) throws SQLException, IOException {
        List<String> traces = new ArrayList<>();
        List<Row> rows = sql.query(
                "select jsonb_build_object('what', kind) || trace, picture from facestream.export_traces(?)",
                row -> new Row(row.getString(1), row.getBytes(2)),
                person);
        int shots = 0;
        for (Row row : rows) {
            traces.add(row.json());
            if (row.picture() != null) {
                shots++;
                entry(zip, SHOTS + shots + ".png", row.picture());
            }
        }
        entry(zip, TRACES, lines(traces));
    }

    private static byte[] lines(List<String> lines) {
        StringBuilder all = new StringBuilder();
        lines.forEach(line -> all.append(line).append('\n'));
        return all.toString().getBytes(UTF_8);
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
