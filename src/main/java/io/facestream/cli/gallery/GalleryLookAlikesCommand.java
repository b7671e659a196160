package io.facestream.cli.gallery;

import io.facestream.cli.terminal.Listing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "look-alikes",
        description = {
            "Lists pairs of people who look so alike that one may be taken for the other, the most alike first.",
            "They may be twins, or one person under two names."
        },
        mixinStandardHelpOptions = true)
final class GalleryLookAlikesCommand implements Callable<Integer> {
    @Option(names = "--person", paramLabel = "PERSON", description = "Only pairs of this person: an id, or a name.")
    private String person;

    @Option(
            names = "--within",
            paramLabel = "DISTANCE",
            description = "Pairs within this distance, 0 to 2; default: the threshold of a match.")
    private Float within;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most pairs to list, 1 to 100,000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Prints one line of JSON per pair.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /**
     * A pair as one line of JSON.
     *
     * @param distance of the two templates, 0 to 2
     */
    record Pair(UUID id, String name, UUID otherId, String otherName, float distance) {
        static Pair of(ResultSet row) throws SQLException {
            return new Pair(
                    row.getObject("person_id", UUID.class),
                    row.getString("name"),
                    row.getObject("other_id", UUID.class),
                    row.getString("other_name"),
                    row.getFloat("distance"));
        }

        String line() {
            return String.format(Locale.ROOT, "%s looks like %s (%.2f)", name, otherName, distance);
        }
    }

    @Override
    public Integer call() throws SQLException {
        if (within != null && !(within >= 0 && within <= 2)) {
            throw new ParameterException(spec.commandLine(), "--within is 0 to 2, not " + within);
        }
        return new Listing(spec, "look_alikes(" + (within == null ? "" : within) + ")", limit)
                .onlyOf("? in (person_id, other_id)", person)
                .print("distance, name, other_name", Pair::of, "people who look alike", json, Pair::line);
    }
}
