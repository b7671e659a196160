package io.facestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private static final Path DEMO = Path.of("src/main/resources/demo/people");

    @TempDir
    private Path folder;

    @Test
    void theDemosPhotosAreAccepted() {
        CommandRun run = CommandRun.of("check", DEMO.toString());

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.outLines()).hasSize(4).endsWith("0 of 3 photos would be rejected.");
        assertThat(run.outLines().subList(0, 3))
                .allMatch(line -> line.matches("accepted  .+\\.jpg  \\d+ px, sharpness \\d+"));
    }

    @Test
    void whatIsNoPictureWhateverItsNameIsRejectedAndTheOthersAreStillChecked() throws Exception {
        Path ada = Files.createDirectory(folder.resolve("Ada"));
        Path text = Files.writeString(ada.resolve("1.jpg"), "not a picture");
        Path photo = Files.copy(DEMO.resolve("Grace_Hopper/us-navy.jpg"), ada.resolve("2.jpg"));

        CommandRun run = CommandRun.of("check", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.outLines()).hasSize(3).endsWith("1 of 2 photos would be rejected.");
        assertThat(run.outLines().get(0)).startsWith("rejected  " + text + "  undecodable: ");
        assertThat(run.outLines().get(1)).startsWith("accepted  " + photo);
    }

    @Test
    void jsonHasALineForEachPhoto() throws Exception {
        Path ada = Files.createDirectory(folder.resolve("Ada"));
        Path text = Files.writeString(ada.resolve("1.jpg"), "not a picture");

        CommandRun run = CommandRun.of("check", folder.toString(), "--json");

        JsonNode verdict = new ObjectMapper().readTree(run.out());
        assertThat(run.outLines()).hasSize(1);
        assertThat(verdict.get("file").asText()).isEqualTo(text.toString());
        assertThat(verdict.get("name").asText()).isEqualTo("Ada");
        assertThat(verdict.get("reason").asText()).isEqualTo("undecodable");
    }

    @Test
    void aFolderWithoutPhotosIsAFailure() {
        CommandRun run = CommandRun.of("check", folder.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        "facestream check: no photos in " + folder + ": expected " + folder + "/NAME/photo.jpg");
    }
}
