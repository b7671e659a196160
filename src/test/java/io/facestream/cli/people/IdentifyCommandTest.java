package io.facestream.cli.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.absdiff;
import static org.bytedeco.opencv.global.opencv_core.countNonZero;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imread;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.cli.CommandRun;
import io.facestream.configuration.Settings;
import io.facestream.gallery.GallerySchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentifyCommandTest {
    private static final Path PHOTO = Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg");

    private static CommandRun.Properties properties;

    @TempDir
    private Path folder;

    @BeforeAll
    static void emptyTheGallery() throws Exception {
        properties = new CommandRun.Properties(CommandRun.postgres());
        DataSource database = Settings.load().database();
        GallerySchema.migrate(database);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("delete from facestream.identity");
        }
    }

    @AfterAll
    static void restore() {
        properties.close();
    }

    @Test
    void nobodyIsKnownByAnEmptyGallery() {
        CommandRun run = CommandRun.of("identify", PHOTO.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.outLines()).hasSize(2);
        assertThat(run.outLines().get(0)).isEqualTo(PHOTO + ": 1 face(s)");
        assertThat(run.outLines().get(1)).matches("  UNKNOWN   - {20}nobody enrolled  face \\d+ px at \\d+,\\d+");
    }

    @Test
    void aPictureWithLossesIsSaidToHaveThem() throws Exception {
        byte[] whole = Files.readAllBytes(PHOTO);
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        half[half.length - 2] = (byte) 0xff;
        half[half.length - 1] = (byte) 0xd9;
        Path lossy = Files.write(folder.resolve("half.jpg"), half);

        CommandRun text = CommandRun.of("identify", lossy.toString());
        CommandRun json = CommandRun.of("identify", "--json", lossy.toString(), PHOTO.toString());

        assertThat(text.outLines().get(0)).startsWith(lossy + ": ").endsWith(" face(s), parts of it are lost");
        assertThat(json.outLines()).hasSize(2);
        assertThat(new ObjectMapper()
                        .readTree(json.outLines().get(0))
                        .path("damaged")
                        .asBoolean())
                .isTrue();
        assertThat(new ObjectMapper().readTree(json.outLines().get(1)).has("damaged"))
                .isFalse();
    }

    @Test
    void anAnnotatedPictureHasTheSizeOfTheOriginalAndABoxInIt() {
        Path annotated = folder.resolve("new/folder");

        CommandRun run = CommandRun.of("identify", "--annotate", annotated.toString(), PHOTO.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        try (Mat original = imread(PHOTO.toString());
                Mat written = imread(annotated.resolve("us-navy.jpg.png").toString());
                Mat difference = new Mat()) {
            assertThat(List.of(written.cols(), written.rows())).containsExactly(original.cols(), original.rows());
            absdiff(original, written, difference);
            assertThat(countNonZero(difference.reshape(1))).isPositive();
        }
    }

    @Test
    void picturesOfTheSameNameCannotBeAnnotatedIntoOneFolder() {
        CommandRun run = CommandRun.of("identify", "--annotate", folder.toString(), "a/1.jpg", "b/1.jpg");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void jsonHasALineForEachPictureAndAPictureThatIsNoneIsAFailure() throws Exception {
        Path text = Files.writeString(folder.resolve("text.jpg"), "not a picture");
        Path missing = folder.resolve("missing.jpg");

        CommandRun run = CommandRun.of("identify", "--json", text.toString(), missing.toString(), PHOTO.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.outLines()).hasSize(3);
        JsonNode broken = new ObjectMapper().readTree(run.outLines().get(0));
        assertThat(broken.get("file").asText()).isEqualTo(text.toString());
        assertThat(broken.get("error").asText()).isNotBlank();
        assertThat(broken.get("faces")).isEmpty();
        assertThat(new ObjectMapper()
                        .readTree(run.outLines().get(1))
                        .get("error")
                        .asText())
                .isEqualTo(missing + ": no such file");
        JsonNode identified = new ObjectMapper().readTree(run.outLines().get(2));
        assertThat(identified.get("faces")).hasSize(1);
        JsonNode face = identified.get("faces").get(0);
        assertThat(face.get("decision").asText()).isEqualTo("UNKNOWN");
        assertThat(face.get("candidates")).isEmpty();
        assertThat(face.has("name")).isFalse();
        assertThat(face.get("box").get("width").asDouble()).isPositive();
    }
}
