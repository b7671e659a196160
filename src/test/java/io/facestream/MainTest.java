package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class MainTest {
    static Stream<String> commands() {
        return Main.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfAndItsOptions(String command) {
        CommandLine.Model.CommandSpec spec =
                Main.commandLine().getSubcommands().get(command).getCommandSpec();

        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: facestream " + command)
                .contains(spec.usageMessage().description()[0].split(" ")[0]);
        assertThat(spec.options()).extracting(OptionSpec::longestName).allSatisfy(option -> assertThat(run.out())
                .contains(option));
        assertThat(spec.positionalParameters())
                .allSatisfy(parameter -> assertThat(run.out()).contains(parameter.paramLabel()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandThatIsAskedForIsReadAloneAndIsTheSame(String command) {
        CommandLine alone = Main.commandLine(new String[] {command, "--help"});

        assertThat(alone.getSubcommands()).containsOnlyKeys(command);
        assertThat(alone.getSubcommands().get(command).getUsageMessage())
                .isEqualTo(Main.commandLine().getSubcommands().get(command).getUsageMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--help", "enroll"})
    void whereNoCommandIsAskedForThereAreAll(String argument) {
        assertThat(Main.commandLine(new String[] {argument}).getSubcommands().keySet())
                .containsExactlyInAnyOrderElementsOf(commands().toList());
    }

    @Test
    void helpListsEveryCommand() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(commands()).isNotEmpty().allSatisfy(command -> assertThat(run.out())
                .contains("  " + command + " "));
    }

    /** Of every command, subcommands included. */
    static Stream<Arguments> everyHelp() {
        return withThoseBelow(Main.commandLine())
                .map(command -> Arguments.of(command.getCommandSpec().qualifiedName(), command));
    }

    private static Stream<CommandLine> withThoseBelow(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(MainTest::withThoseBelow));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyHelp")
    void helpIsWholeSentencesInEightyColumns(String name, CommandLine command) {
        CommandLine.Model.UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
        String onOneLine = help.replaceAll("\\s+", " ");

        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(usage.description()).isNotEmpty().allSatisfy(paragraph -> {
            assertThat(paragraph).matches("(?s)[\\p{Lu}`-].*[.?!]");
            assertThat(onOneLine.replace(" ", "")).contains(paragraph.replaceAll("\\s", ""));
        });
        command.getSubcommands().values().forEach(below -> {
            String first = below.getCommandSpec().usageMessage().description()[0];
            assertThat(first).matches("[^.?!]*(\\.\\w[^.?!]*)*[.?!]");
            assertThat(onOneLine).contains(below.getCommandName() + " " + first);
        });
        Stream.concat(
                        command.getCommandSpec().options().stream(),
                        command.getCommandSpec().positionalParameters().stream())
                .forEach(argument -> assertThat(String.join(" ", argument.description()))
                        .as(argument.paramLabel())
                        .endsWith("."));
    }

    @Test
    void theFirstSentenceIsWhatTheListOfCommandsShows() {
        assertThat(CommandRun.of("models", "--help").out().replaceAll("\\s+", " "))
                .contains("list Lists all model versions, oldest first. show ");
    }

    @Test
    void aFailureNamesTheWholeCommand() {
        CommandRun run = CommandRun.of("models", "import", "no-such-folder");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().startsWith("facestream models import: ");
    }

    @Test
    void rolesAreShownAsTheyAreWritten() {
        assertThat(CommandRun.of("up", "--help").out().replaceAll("\\s+", " "))
                .contains("detection, embedding, matching, sightings, alerts, enrolment");
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        CommandRun run = CommandRun.of("recognise");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("recognise");
    }

    @Test
    void noCommandIsWrongUsage() {
        CommandRun run = CommandRun.of();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Missing required subcommand");
    }

    @Test
    void aRoleThatThereIsNotIsWrongUsage() {
        assertThat(CommandRun.of("up", "--roles", "cook").exitCode()).isEqualTo(2);
    }
}
