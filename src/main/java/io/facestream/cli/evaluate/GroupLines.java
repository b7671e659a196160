package io.facestream.cli.evaluate;

import io.facestream.cli.terminal.Table;
import io.facestream.evaluation.groups.Differential;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;

/** Prints rates by group, a line each. */
final class GroupLines {
    private GroupLines() {}

    /** The section of a report file; none without groups. */
    static Map<String, Differential.Report> section(Optional<Differential.Report> groups) {
        return groups.map(report -> Map.of("groups", report)).orElse(Map.of());
    }

    static void print(PrintWriter out, Differential.Report report) {
        Table table = new Table(out, report.intervals());
        report.by().forEach((kind, groups) -> {
            groups.groups().forEach((name, group) -> {
                String where = kind + " " + name;
                table.line(where + ": people, photos", group.people() + ", " + group.photos());
                group.rates().forEach((rate, share) -> {
                    table.share(where + ": " + rate, share, kind + "." + name + ".rates." + rate);
                    table.ratio(
                            where + ": " + rate + " over that of the others",
                            group.toOthers().get(rate),
                            kind + "." + name + ".toOthers." + rate);
                });
            });
            groups.largestRatio()
                    .forEach((rate, ratio) -> table.ratio(
                            kind + ": largest ratio of " + rate + " between groups",
                            ratio,
                            kind + ".largestRatio." + rate));
        });
    }
}
