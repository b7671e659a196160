package io.facestream.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import io.facestream.frames.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluateCommandTest {
    @TempDir
    private Path folder;

    private Path images;

    @BeforeEach
    void twoPeople() throws IOException {
        images = folder.resolve("images");
        for (String name : List.of("Ada", "Bob")) {
            Path person = Files.createDirectories(images.resolve(name));
            Files.writeString(person.resolve(name + "_0001.jpg"), "not a picture");
            Files.writeString(person.resolve(name + "_0002.jpg"), "not a picture");
        }
    }

    @ParameterizedTest(name = "evaluate {0}")
    @CsvSource({
        "'', Missing required subcommand",
        "verification, --images=DIR",
        "verification --images x, --pairs=FILE",
        "identification --images x, --strangers=DIR",
        "detection, --images=DIR",
        "calibration, --images=DIR",
        "promises, --images=DIR",
        "promises --images x --degrade 32, --degrade",
        "presentation-attack, --images=DIR",
        "presentation-attack --images x --threshold 2, --threshold",
        "presentation-attack --images x --model mobilefacenet-1, --model",
        "presentation-attack --images x --degrade 32, --degrade",
        "quality, --images=DIR",
        "strangers, --images=DIR",
        "quality --images x --degrade 32, --degrade",
        "detection --images x --overlap much, --overlap",
        "verification --images x --pairs y --seed first, --seed",
        "verification --images x --pairs y --degrade-share half, --degrade-share",
        "identification --images x --strangers y --enrol 0, --enrol",
        "identification --images x --strangers y --enrol 3 --min-photos 3, --min-photos",
        "verification --images x --pairs y --strangers z, --strangers"
    })
    void whatCannotBeMeantIsWrongUsage(String arguments, String named) {
        CommandRun run = CommandRun.of(("evaluate " + arguments).strip().split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines().findFirst().orElseThrow()).contains(named.startsWith("--") ? named : "Missing");
        assertThat(run.err()).contains(named);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"verification --pairs x", "identification --strangers x", "calibration"})
    void aFolderThatIsNotThereIsAFailure(String arguments) {
        Path missing = folder.resolve("missing");

        assertFails(arguments + " --images " + missing, missing + " is not a folder");
    }

    @Test
    void whatIsNoPhotoIsTold() throws Exception {
        Files.writeString(images.resolve("Ada/notes.txt"), "met in Vienna");

        CommandRun run = CommandRun.of("evaluate", "calibration", "--images", images.toString());

        assertThat(run.err()).contains("notes.txt");
    }

    @Test
    void peopleOfWhomThereIsNoPhotoAreAFailure() throws Exception {
        Path people = Files.writeString(folder.resolve("people.txt"), "Eve\n");

        assertFails(
                "calibration --images " + images + " --people " + people,
                "no photos in " + images + " of the people of " + people);
    }

    @Test
    void aFileOfPeopleThatIsNotThereIsAFailure() {
        Path people = folder.resolve("people.txt");

        assertFails("calibration --images " + images + " --people " + people, people + ": no such file");
    }

    @Test
    void nobodyWithEnoughPhotosIsAFailure() {
        assertFails(
                "identification --images " + images + " --strangers " + images + " --enrol 2",
                "nobody in " + images + " has 3 photos");
    }

    @Test
    void strangersWhoAreAllEnrolledAreAFailure() {
        assertFails(
                "identification --images " + images + " --strangers " + images + " --enrol 1",
                "everybody in " + images + " is enrolled: there are no strangers");
    }

    @Test
    void tooFewPeopleToCalibrateWithAreToldBeforeTheLongWork() {
        assertFails(
                "calibration --images " + images,
                "too few people to calibrate with: 0 with 5 photos, and 0 others, in a third of them");
    }

    @Test
    void tooFewPeopleToCountPromisesOnAreToldBeforeTheLongWork() {
        assertFails("promises --images " + images, "promises are counted on a third of at least 60 people, not of 2");
    }

    @Test
    void tooFewPeopleToFitQualityOnAreToldBeforeTheLongWork() {
        assertFails(
                "quality --images " + images,
                "quality is fitted and counted on at least 40 people with 3 photos, not on 0");
    }

    @Test
    void aFolderWithoutLiveFacesIsToldBeforeTheLongWork() {
        assertFails(
                "presentation-attack --images " + images,
                images + " needs photos in the folder `live`, and in one for each species of attack");
    }

    @Test
    void facesAndPicturesOfFacesAreCounted() throws Exception {
        Path shown = folder.resolve("shown");
        copy("people/Eileen_Collins/nasa.jpg", shown.resolve("live/nasa.jpg"));
        copy("strangers/Aksel_Andersson/print.jpg", shown.resolve("print/print.jpg"));

        CommandRun run = CommandRun.of("evaluate", "presentation-attack", "--images", shown.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("print, without a face found")
                .contains("BPCER at 0.5")
                .contains("APCER, worst");
    }

    /** The part of the photo that the network looks at reaches beyond the photo, unless that is framed. */
    @Test
    void withNearOnlyFacesThatEventsHaveAScoreOfAreScored() throws Exception {
        Path shown = folder.resolve("near");
        copy("people/Eileen_Collins/nasa.jpg", shown.resolve("live/nasa.jpg"));
        byte[] framed = TestPictures.encode(
                TestPictures.framed(TestPictures.image(TestPictures.sample("people/Eileen_Collins/nasa.jpg")), 200),
                "jpg");
        Files.write(Files.createDirectories(shown.resolve("screen")).resolve("framed.jpg"), framed);

        CommandRun run = CommandRun.of("evaluate", "presentation-attack", "--near", "--images", shown.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().replaceAll(" +", " "))
                .contains("live faces, without a face found 1, 1\n")
                .contains("screen, without a face found 1, 0\n")
                .contains("BPCER at 0.5 too few data\n");
    }

    private static void copy(String photo, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(Path.of("src/main/resources/demo", photo), to);
    }

    @Test
    void groupsOfOtherPhotosAreToldBeforeTheLongWork() throws Exception {
        Files.writeString(images.resolve("groups.csv"), "name,age\nEve,20-40\n");

        assertFails(
                "identification --images " + images + " --strangers " + images + " --enrol 1 --people "
                        + Files.writeString(folder.resolve("ada.txt"), "Ada\n"),
                images.resolve("groups.csv") + " labels none of the photos beside it: a name is NAME or NAME/FILE");
    }

    @Test
    void pairsThatArePartOfTheFileAreToldSo() throws Exception {
        Path people = Files.writeString(folder.resolve("people.txt"), "\uFEFFAda\r\n");
        Path pairs = Files.writeString(folder.resolve("pairs.txt"), "Ada\t1\t2\r\nBob\t1\t2\r\nAda\t1\tBob\t1\r\n");

        assertFails(
                "verification --images " + images + " --pairs " + pairs + " --people " + people,
                pairs + ": at least 10 pairs are needed, not 1, of the 1 people that count");
    }

    @ParameterizedTest
    @CsvSource({
        "--report, images, images is a folder: the report is a file",
        "--report, file/report.json, file is not a folder",
        "--errors, file, file is not a folder",
        "--cache, file, file is not a folder"
    })
    void whatIsInTheWayOfAnOutputIsToldBeforeTheLongWork(String option, String path, String message) throws Exception {
        Files.createFile(folder.resolve("file"));
        Path pairs = Files.writeString(folder.resolve("pairs.txt"), "Ada\t1\t2\nAda\t1\tBob\t1\n".repeat(5));

        assertFails(
                "verification --images " + images + " --pairs " + pairs + " " + option + " " + folder.resolve(path),
                folder + "/" + message);
    }

    @Test
    void aFolderWithoutPicturesHasNothingToDetectIn() {
        assertFails("detection --images " + folder, "no pictures in " + folder);
    }

    @Test
    void labelsOfAnotherKindAreAFailure() throws Exception {
        Path boxes = Files.writeString(folder.resolve("boxes.csv"), "name,left,top\n");

        assertFails(
                "detection --images " + images.resolve("Ada") + " --boxes " + boxes,
                boxes + ": the first line is not file,x,y,width,height,class");
    }

    @Test
    void anOverlapThatIsNoShareIsAFailure() {
        assertFails(
                "detection --images " + images.resolve("Ada") + " --overlap 40",
                "--overlap is above 0 and at most 1, not 40.0");
    }

    @ParameterizedTest
    @CsvSource({
        "5, 'chips are degraded to 8 to 112 px, not 5 to 5'",
        "32-16, 'chips are degraded to 8 to 112 px, not 32 to 16'",
        "far, '--degrade is a size in pixels, or two joined by a hyphen, not far'"
    })
    void aSizeThatNoChipCanBeDegradedToIsAFailure(String size, String message) throws Exception {
        Path pairs = Files.writeString(folder.resolve("pairs.txt"), "");

        assertFails("verification --images " + images + " --pairs " + pairs + " --degrade " + size, message);
    }

    private static void assertFails(String arguments, String message) {
        CommandRun run = CommandRun.of(("evaluate " + arguments).split(" "));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        "facestream evaluate " + arguments.substring(0, arguments.indexOf(' ')) + ": " + message);
        assertThat(run.out()).isEmpty();
    }
}
