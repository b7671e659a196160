package io.facestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

    @Test
    void helpListsEveryCommand() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(commands()).isNotEmpty().allSatisfy(command -> assertThat(run.out())
                .contains("  " + command + " "));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatTheListSaysOfACommandIsASentence(String command) {
        CommandLine.Model.CommandSpec spec =
                Main.commandLine().getSubcommands().get(command).getCommandSpec();

        assertThat(spec.usageMessage().description()[0]).endsWith(".");
    }

    @Test
    void rolesAreShownAsTheyAreWritten() {
        assertThat(CommandRun.of("up", "--help").out().replaceAll("\\s+", " "))
                .contains("detection, embedding, matching, enrolment");
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
