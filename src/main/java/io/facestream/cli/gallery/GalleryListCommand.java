package io.facestream.cli.gallery;

import io.facestream.cli.terminal.Listing;
import io.facestream.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "list", description = "Lists people by name.", mixinStandardHelpOptions = true)
final class GalleryListCommand implements Callable<Integer> {
    @Option(names = "--tag", paramLabel = "TAG", description = "Only people with this tag.")
    private String tag;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most people to list, 1 to 100,000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Prints one line of JSON per person.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A person as one line of JSON. */
    record Listed(UUID id, String name, long photos, List<String> tags, List<String> formerNames, boolean ignored) {
        static Listed of(ResultSet row) throws SQLException {
            return new Listed(
                    row.getObject("id", UUID.class),
                    row.getString("name"),
                    row.getLong("photos"),
                    Sql.strings(row, "tags"),
                    Sql.strings(row, "former_names"),
                    row.getBoolean("ignored"));
        }

        String line() {
            return String.format(
                            Locale.ROOT,
                            "%s  %4d  %-28s %s%s",
                            id,
                            photos,
                            name,
                            tags.isEmpty() ? "" : "#" + String.join(" #", tags),
                            ignored ? "  (ignored)" : "")
                    .stripTrailing();
        }
    }

    @Override
    public Integer call() throws SQLException {
        return new Listing(spec, "people", limit)
                .only("? = any (tags)", tag)
                .print("name, id", Listed::of, "people", json, Listed::line);
    }
}
