package io.facestream.cli.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.cli.CommandRun;
import io.facestream.frames.TestPictures;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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

    @Test
    void oneFileOfGigabytesAndOneThatIsTooLargeForARecordDoNotKeepTheOthersFromBeingChecked() throws Exception {
        Path ada = Files.createDirectory(folder.resolve("Ada"));
        try (RandomAccessFile sparse = new RandomAccessFile(ada.resolve("1.jpg").toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        byte[] large =
                TestPictures.png16(TestPictures.image(Files.readAllBytes(DEMO.resolve("Grace_Hopper/us-navy.jpg"))));
        Files.write(ada.resolve("2.png"), large);
        Files.copy(DEMO.resolve("Grace_Hopper/us-navy.jpg"), ada.resolve("3.jpg"));

        CommandRun run;
        try (CommandRun.Properties ignored =
                new CommandRun.Properties(Map.of("facestream.pictures.max-bytes", "300000"))) {
            run = CommandRun.of("check", folder.toString());
        }

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.outLines().get(0)).endsWith("1.jpg  undecodable: 3221.2 MB, more than the 134.2 MB of a photo");
        assertThat(run.outLines().get(1)).contains("2.png", "(converted from ", "to a JPEG of 512x600 pixels");
        assertThat(run.outLines().get(2)).startsWith("accepted  ");
    }

    @Test
    void aPhotoOfOnePersonUnderTwoNamesAndOneOfAnotherAmongThemAreTold() throws Exception {
        Path grace = Files.createDirectory(folder.resolve("Grace"));
        Files.copy(DEMO.resolve("Grace_Hopper/us-navy.jpg"), grace.resolve("1.jpg"));
        Files.copy(DEMO.resolve("Eileen_Collins/nasa.jpg"), grace.resolve("2.jpg"));
        Path hopper = Files.createDirectory(folder.resolve("Hopper"));
        Files.write(
                hopper.resolve("1.jpg"),
                TestPictures.encode(TestPictures.image(Files.readAllBytes(grace.resolve("1.jpg"))), "jpg"));

        CommandRun run = CommandRun.of("check", folder.toString());

        assertThat(run.outLines().get(0)).startsWith("accepted  ");
        assertThat(run.outLines().get(1)).contains("  unlike-others: unlike Grace's other photos (distance 1.");
        assertThat(run.outLines().get(2)).contains("  looks-like-another: looks like Grace (0.");
    }

    @Test
    void whatIsLeftOutIsToldBesideTheVerdicts() throws Exception {
        Path ada = Files.createDirectory(folder.resolve("Ada"));
        Files.copy(DEMO.resolve("Grace_Hopper/us-navy.jpg"), ada.resolve("1.jpg"));
        Files.writeString(ada.resolve(".DS_Store"), "x");
        Files.createDirectory(folder.resolve(".git"));

        CommandRun run = CommandRun.of("check", folder.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("left out, hidden or not pictures: 2 files and folders (");
    }
}
