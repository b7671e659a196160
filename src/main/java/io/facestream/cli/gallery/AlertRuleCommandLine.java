package io.facestream.cli.gallery;

import io.facestream.curation.message.AlertRule;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "alert-rule",
        description = {
            "Says who is told of which visits. Each takes effect with the next message of a visit.",
            "Targets, and rules of the settings, are the operator's: no command changes them."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = AlertRuleListCommand.class)
final class AlertRuleCommandLine {
    private static final String NAME = "Its name: 1 to 63 of a-z 0-9 -. Do not name it after a person.";

    @Spec
    private CommandSpec spec;

    @Command(description = "Adds a rule, or replaces it as a whole.", mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "RULE", description = NAME) String rule,
            @Option(
                            names = "--who",
                            required = true,
                            paramLabel = "WHO",
                            description = "anybody, known, strangers, unknown, tag:TAG, a person's id or name, or a"
                                    + " stranger's id; may be given several times.")
                    List<String> who,
            @Option(
                            names = "--where",
                            paramLabel = "CAMERA",
                            description = "* stands for any characters, ? for one; may be given several times;"
                                    + " default: all.")
                    List<String> where,
            @Option(
                            names = "--when",
                            paramLabel = "SPAN",
                            description = "Such as \"mon-fri 22:00-06:00\"; may be given several times;"
                                    + " default: always.")
                    List<String> when,
            @Option(names = "--zone", paramLabel = "ZONE", description = "The time zone of --when; default: UTC.")
                    String zone,
            @Option(
                            names = "--cool-down",
                            paramLabel = "DURATION",
                            description = "After an alert, none for the same subject at the same camera for so long,"
                                    + " such as PT10M; default: none.")
                    Duration coolDown,
            @Option(
                            names = "--target",
                            required = true,
                            paramLabel = "TARGET",
                            description = "A target of the settings; may be given several times.")
                    List<String> targets,
            @Mixin Asking asking)
            throws Exception {
        return asking.ask(
                spec, () -> new AlertRule(asking.id(), rule, who, where, when, zone, coolDown, targets, null));
    }

    @Command(description = "Removes a rule. What it has not told yet stays untold.", mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "RULE", description = "Its name.") String rule, @Mixin Asking asking)
            throws Exception {
        return asking.ask(spec, () -> new AlertRule(asking.id(), rule));
    }
}
