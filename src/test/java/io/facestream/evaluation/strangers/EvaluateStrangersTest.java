package io.facestream.evaluation.strangers;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import io.facestream.embedded.TestServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole evaluation, with the network that ships: it sets threads once for its process. */
@Tag("own-process")
class EvaluateStrangersTest {
    @TempDir
    private Path folder;

    @Test
    void strangersComeByAndAreKeptInADatabaseOfTheirOwn() throws Exception {
        TestServices.postgres(); // PostgreSQL is installed then
        Path photos = folder.resolve("people");
        for (int i = 1; i <= 3; i++) {
            copy("people/Eileen_Collins/nasa.jpg", photos.resolve("Eileen_Collins/" + i + ".jpg"));
            copy("people/Grace_Hopper/us-navy.jpg", photos.resolve("Grace_Hopper/" + i + ".jpg"));
        }

        CommandRun run = CommandRun.of("evaluate", "strangers", "--images", photos.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("people, drawings +2, 20")
                // One of the two faces is a small part of its photo, and too small in the frames to be kept.
                .containsPattern("strangers at the end +1\\.0")
                .containsPattern("visits of somebody who is kept +50\\.00 %")
                .containsPattern("people who are more than one stranger +0\\.00 %")
                .containsPattern("people who share a stranger with somebody else +0\\.00 %");
    }

    private static void copy(String photo, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(Path.of("src/main/resources/demo", photo), to);
    }
}
