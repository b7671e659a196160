package io.facestream.curation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.gallery.TestGallery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks for bytes in every column of a database, as its catalog lists them, whichever type and schema, with the samples
 * that the planner keeps; and in every file of a folder.
 */
final class ByteSearch {
    private static final String COLUMNS =
            """
            select format('%I.%I', n.nspname, c.relname), quote_ident(a.attname),
                case when a.atttypid = 'bytea'::regtype then 'bytes' else 'text' end
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped
                    and n.nspname not in ('pg_catalog', 'information_schema')
                    and has_column_privilege(c.oid, a.attnum, 'select')
                or c.oid = 'pg_stats'::regclass and a.attnum > 0
            order by 1, 2""";

    private final Map<String, Wanted> wanted = new TreeMap<>();
    private final TestGallery database;
    private final Path folder;

    /** How it lies in a column of text or in a file of text, and how in one of bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Wanted(String text, byte[] bytes) {
        String sql() {
            return "convert_from('\\x" + HexFormat.of().formatHex(text.getBytes(UTF_8)) + "', 'UTF8')";
        }

        String sqlBytes() {
            return "'\\x" + HexFormat.of().formatHex(bytes) + "'::bytea";
        }
    }

    ByteSearch(TestGallery database, Path folder) {
        this.database = database;
        this.folder = folder;
    }

    /** Adds a text, such as a name, an id or the numbers of a vector. */
    void text(String what, String text) {
        wanted.put(what, new Wanted(text, text.getBytes(UTF_8)));
    }

    /** Adds bytes; those in the middle are enough to be nothing else. Text columns have them in hexadecimal digits. */
    void bytes(String what, byte[] bytes) {
        byte[] middle = new byte[64];
        System.arraycopy(bytes, bytes.length / 2, middle, 0, middle.length);
        wanted.put(what, new Wanted(HexFormat.of().formatHex(middle), middle));
    }

    /** What is looked for. */
    Set<String> all() {
        return wanted.keySet();
    }

    /** How many tables there are. */
    long tables() throws SQLException {
        return database.query(COLUMNS).stream()
                .map(column -> column.split(" ")[0])
                .distinct()
                .count();
    }

    /** The columns in which each was found; nothing of what was not. */
    Map<String, Set<String>> inTables() throws SQLException {
        List<String> names = List.copyOf(wanted.keySet());
        Map<String, Set<String>> found = new TreeMap<>();
        try (Connection connection = database.dataSource().getConnection()) {
            for (String line : TestGallery.query(connection, COLUMNS)) {
                String[] column = line.split(" ");
                boolean bytes = column[2].equals("bytes");
                String needles = wanted.values().stream()
                        .map(each -> bytes ? each.sqlBytes() : each.sql())
                        .collect(Collectors.joining(", "));
                String value = bytes ? column[1] : column[1] + "::text";
                String where =
                        column[0].endsWith(".pg_stats") ? "'pg_stats of ' || t.tablename" : "'" + column[0] + "'";
                String search = "select distinct n.i, %s || '.%s' from unnest(array[%s]) with ordinality n(v, i)"
                        + " join %s t on position(n.v in t.%s) > 0";
                for (String place :
                        TestGallery.query(connection, search.formatted(where, column[1], needles, column[0], value))) {
                    String[] parts = place.split(" ", 2);
                    found.computeIfAbsent(names.get(Integer.parseInt(parts[0]) - 1), what -> new TreeSet<>())
                            .add(parts[1]);
                }
            }
        }
        return found;
    }

    /** The folders of the files in which each was found; nothing of what was not. */
    Map<String, Set<String>> inFiles() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        for (Path file : files()) {
            String content = read(file);
            wanted.forEach((what, each) -> {
                if (content.contains(new String(each.bytes, ISO_8859_1))
                        || content.contains(new String(each.text.getBytes(UTF_8), ISO_8859_1))) {
                    found.computeIfAbsent(what, first -> new TreeSet<>())
                            .add(file.getParent().getFileName().toString());
                }
            });
        }
        return found;
    }

    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new ArrayList<>(files.filter(Files::isRegularFile).toList());
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (NoSuchFileException e) {
            return ""; // a segment that was deleted meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
