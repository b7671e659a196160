package io.facestream.gallery.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.messaging.Json;
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
import java.sql.ResultSet;
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

/** Writes people, their photos and what is not theirs into an archive, as they are at one moment. */
public final class GalleryExport {
    static final String HEADER = "archive.json";
    static final String PEOPLE = "people.jsonl";
    static final String PHOTOS = "photos.jsonl";
    static final String NEGATIVES = "negatives.jsonl";
    static final String TRACES = "traces.jsonl";
    static final String PICTURES = "photos/";
    static final String DENIED = "negatives/";
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

    /**
     * Whom to export.
     *
     * @param person an id, also a stranger's, with everything that is held of that one; null for everybody
     * @param strangers also those who are nobody in the gallery
     * @param vectors with the vectors of every live version
     */
    public record Choice(UUID person, boolean strangers, boolean vectors) {}

    /**
     * How much was written.
     *
     * @param people strangers among them
     */
    public record Written(long people, long photos, long negatives) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(UUID id, String json, byte[] picture) {}

    private interface Pages {
        List<Row> after(UUID last) throws SQLException;
    }

    /**
     * Writes a new file, which only its owner may read. If it fails, there is none.
     *
     * @throws FileAlreadyExistsException if it is there
     */
    public Written write(Path to, Choice choice) throws SQLException, IOException {
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
                    return write(zip, sql, choice);
                });
            }
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
            return written;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Written write(ZipOutputStream zip, Sql sql, Choice choice) throws SQLException, IOException {
        Map<String, String> versions = new TreeMap<>();
        if (choice.vectors()) {
            for (ModelVersion version : new ModelRegistry(dataSource).live()) {
                versions.put(version.version(), version.sha256());
            }
        }
        entry(zip, HEADER, Json.write(new ArchiveHeader(ArchiveHeader.FORMAT, Instant.now(), versions)));
        List<String> people = sql.query(
                "select p from facestream.export_people(?::uuid, ?) p",
                row -> row.getString(1),
                choice.person(),
                choice.strangers());
        entry(zip, PEOPLE, lines(people));
        int photos = faces(
                zip,
                PHOTOS,
                PICTURES,
                last -> sql.query(
                        "select id, photo, chip from facestream.export_photos(?::uuid, ?, ?, ?, ?)",
                        GalleryExport::row,
                        choice.person(),
                        choice.strangers(),
                        last,
                        PAGE,
                        choice.vectors()));
        if (choice.person() != null) {
            traces(zip, sql, choice.person());
            return new Written(people.size(), photos, 0);
        }
        int negatives = faces(
                zip,
                NEGATIVES,
                DENIED,
                last -> sql.query(
                        "select id, negative, chip from facestream.export_negatives(?, ?, ?, ?)",
                        GalleryExport::row,
                        choice.strangers(),
                        last,
                        PAGE,
                        choice.vectors()));
        return new Written(people.size(), photos, negatives);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getObject(1, UUID.class), row.getString(2), row.getBytes(3));
    }

    /** Lines, and a picture for each in a folder; says how many. */
    private static int faces(ZipOutputStream zip, String name, String folder, Pages pages)
            throws SQLException, IOException {
        List<String> faces = new ArrayList<>();
        for (List<Row> page = pages.after(FIRST); !page.isEmpty(); ) {
            UUID last = null;
            for (Row face : page) {
                last = face.id();
                faces.add(face.json());
                entry(zip, folder + last + ".png", face.picture());
            }
            page = pages.after(last);
        }
        entry(zip, name, lines(faces));
        return faces.size();
    }

    /** Each picture has the number that its line says. */
    private static void traces(ZipOutputStream zip, Sql sql, UUID person) throws SQLException, IOException {
        List<Row> rows = sql.query(
                """
                select null::uuid, jsonb_strip_nulls(jsonb_build_object('what', t.kind, 'shot',
                           case when t.picture is not null then count(t.picture) over (order by t.place) end))
                           || t.trace,
                       t.picture
                from facestream.export_traces(?) with ordinality t(kind, trace, picture, place)
                order by t.place""",
                GalleryExport::row,
                person);
        int shots = 0;
        for (Row row : rows) {
            if (row.picture() != null) {
                shots++;
                entry(zip, SHOTS + shots + ".png", row.picture());
            }
        }
        entry(zip, TRACES, lines(rows.stream().map(Row::json).toList()));
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
