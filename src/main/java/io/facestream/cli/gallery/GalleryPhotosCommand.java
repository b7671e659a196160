package io.facestream.cli.gallery;

import io.facestream.cli.terminal.Listing;
import io.facestream.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "photos", description = "Lists a person's photos, the oldest first.", mixinStandardHelpOptions = true)
final class GalleryPhotosCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PERSON", description = "By id or name.")
    private String person;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most photos to list, 1 to 100,000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Prints one line of JSON per photo.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A photo as one line of JSON. */
    record Listed(UUID id, UUID personId, String name, boolean enrolled, Instant createdAt, String source) {
        static Listed of(ResultSet row) throws SQLException {
            return new Listed(
                    row.getObject("id", UUID.class),
                    row.getObject("person_id", UUID.class),
                    row.getString("name"),
                    row.getBoolean("enrolled"),
                    Sql.instant(row, "created_at"),
                    row.getString("source"));
        }

        String line() {
            return String.format(
                            Locale.ROOT,
                            "%s  %s  %s%s",
                            id,
                            createdAt.toString().substring(0, 19) + "Z",
                            source,
                            enrolled ? "" : "  (does not count)")
                    .stripTrailing();
        }
    }

    @Override
    public Integer call() throws SQLException {
        return new Listing(spec, "photos", limit)
                .onlyOf("person_id = ?", person)
                .print("created_at, id", Listed::of, "photos of " + person, json, Listed::line);
    }
}
