package io.facestream.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.cli.CommandRun;
import io.facestream.cli.terminal.Failures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class SecretFileTest {
    @TempDir
    private Path folder;

    private String password(Path file) {
        try (var ignored = new CommandRun.Properties(Map.of("quarkus.datasource.password", "${file::" + file + "}"))) {
            Settings settings = Settings.load(folder.resolve("application.properties"), Optional.empty(), List.of());
            return ((PGSimpleDataSource) settings.database()).getPassword();
        }
    }

    @Test
    void aSettingReadsItsValueFromTheFileThatItNames() throws Exception {
        assertThat(password(Files.writeString(folder.resolve("password"), "a b$c\n")))
                .isEqualTo("a b$c");
    }

    /** The Notepad of Windows 10 before version 1903 writes the mark in front of UTF-8. */
    @Test
    void aByteOrderMarkIsNoPartOfIt() throws Exception {
        assertThat(password(Files.writeString(folder.resolve("password"), "\ufeffgeheim\r\n")))
                .isEqualTo("geheim");
    }

    @Test
    void aMissingOrEmptyFileIsNamed() throws Exception {
        Path missing = folder.resolve("missing");
        Path empty = Files.writeString(folder.resolve("empty"), "\n");

        assertThatThrownBy(() -> password(missing))
                .satisfies(failure -> assertThat(Failures.oneLine(failure)).contains(missing + ": no such file"));
        assertThatThrownBy(() -> password(empty)).hasMessageContaining(empty + " is empty");
    }
}
