package io.facestream.cli.models;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a command is said before it is sent, in one line. */
class TrainCommandTest {
    @TempDir
    private Path folder;

    @Test
    void moreNamesThanACommandHoldsAreRefusedWithAnotherWay() throws IOException {
        Path people = Files.writeString(
                folder.resolve("people.txt"),
                IntStream.range(0, 60_000)
                        .mapToObj(i -> "Somebody of the number " + i)
                        .collect(Collectors.joining("\n")));

        CommandRun run = CommandRun.of("train", "--people", people.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(people + " makes a command of ").contains("with --topic");
    }

    @Test
    void aFileThatIsNoTextInUtf8IsNamed() throws IOException {
        Path people = Files.write(folder.resolve("people.txt"), "J\u00fcrgen\nZo\u00eb\n".getBytes(ISO_8859_1));

        CommandRun run = CommandRun.of("train", "--people", people.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(people + " is not UTF-8 text with one name per line");
    }

    @Test
    void aByteOrderMarkIsNoPartOfAName() throws IOException {
        Path people = Files.writeString(folder.resolve("people.txt"), "\uFEFF\n\n Ada \r\n");

        CommandRun run = CommandRun.of("train", "--people", people.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("triplets need at least two people, and people names fewer");
    }

    @Test
    void aVersionThatCannotBeOneIsNamedShort() {
        CommandRun run = CommandRun.of("train", "--base", "x".repeat(100_000));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines().findFirst().orElseThrow())
                .contains("base is the name of a model version, 1 to 63 of a-z 0-9 . -, not xxx")
                .hasSizeLessThan(300);
    }
}
