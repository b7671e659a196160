package io.facestream.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, UTF_8);

    @Test
    void withoutATerminalTheEndIsALineOfItsOwn() {
        try (ProgressBar bar = Progress.bar("Embedding", 4, false, false, err)) {
            bar.stepBy(4);
        }

        assertThat(bytes.toString(UTF_8).lines())
                .isNotEmpty()
                .last()
                .asString()
                .matches("Embedding: 4 of 4, 100 %, \\d+ s");
    }

    @Test
    void whereAProgramReadsThereIsNothing() {
        try (ProgressBar bar = Progress.bar("Embedding", 4, true, false, err)) {
            bar.stepBy(4);
        }

        assertThat(bytes.size()).isZero();
    }
}
