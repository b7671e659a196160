package io.facestream.evaluation.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imwrite;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.cli.CommandRun;
import io.facestream.frames.Picture;
import io.facestream.photos.Hardship;
import io.facestream.photos.PhotoGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real photos of real people, half of whom only a far camera sees. */
@Tag("own-process")
class EvaluationByGroupTest {
    private static final int PEOPLE = 40;
    private static final int PHOTOS = 3;

    @TempDir
    private static Path folder;

    private static Path photos;
    private static Path pairs;

    @BeforeAll
    static void halfOfThePeopleFromAfar() throws IOException {
        photos = Files.createDirectory(folder.resolve("photos"));
        List<String> groups = new ArrayList<>(List.of("name,camera"));
        List<String> lines = new ArrayList<>();
        String before = null;
        for (Map.Entry<String, List<Path>> person :
                SharedData.lfwPeople(PEOPLE, PHOTOS).entrySet()) {
            String name = person.getKey();
            Path own = Files.createDirectory(photos.resolve(name));
            boolean far = groups.size() % 2 == 0;
            for (Path photo : person.getValue()) {
                copy(photo, own.resolve(photo.getFileName()), far ? Hardship.FAR : Hardship.NONE);
            }
            groups.add(name + (far ? ",far" : ",near"));
            lines.add(name + "\t1\t2");
            if (before != null) {
                lines.add(before + "\t1\t" + name + "\t1");
            }
            before = name;
        }
        Files.write(photos.resolve(PhotoGroups.FILE), groups);
        lines.sort((a, b) -> Integer.compare(a.split("\t").length, b.split("\t").length));
        pairs = Files.write(folder.resolve("pairs.txt"), lines);
    }

    @Test
    void verificationMissesMoreOfThoseWhomOnlyAFarCameraSees() throws IOException {
        JsonNode camera = evaluate("verification", "--pairs", pairs.toString()).at("/groups/by/camera/groups");

        assertThat(camera.at("/near/people").intValue()).isEqualTo(PEOPLE / 2);
        assertThat(camera.at("/near/photos").intValue()).isEqualTo(PEOPLE / 2 * PHOTOS);
        assertThat(camera.at("/near/rates/fnmr.at1e-3").doubleValue()).isLessThan(0.1);
        assertThat(camera.at("/far/rates/fnmr.at1e-3").doubleValue()).isGreaterThan(0.3);
    }

    @Test
    void identificationMissesMoreOfThoseWhomOnlyAFarCameraSees() throws IOException {
        JsonNode report = evaluate(
                "identification",
                "--strangers",
                photos.toString(),
                "--enrol",
                "2",
                "--people",
                Files.writeString(folder.resolve("people.txt"), half()).toString());

        assertThat(report.at("/groups/by/camera/groups/near/rates/fnir").doubleValue())
                .isLessThan(0.1);
        assertThat(report.at("/groups/by/camera/groups/far/rates/fnir").doubleValue())
                .isGreaterThan(0.2);
        assertThat(report.at("/groups/by/camera/groups/far/rates/fpir").isNumber())
                .isTrue();
        assertThat(report.at("/groups/intervals/camera.far.rates.fnir").isArray())
                .isTrue();
        assertThat(report.at("/run/data/files/groups/sha256").textValue()).hasSize(64);
    }

    private static JsonNode evaluate(String... arguments) throws IOException {
        Path report = folder.resolve(arguments[0] + ".json");
        List<String> all = new ArrayList<>(List.of("evaluate"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--images", photos.toString(), "--report", report.toString()));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("camera far: people, photos", "camera near: people, photos");
        return new ObjectMapper().readTree(report.toFile());
    }

    /** The names of half of the people, of both cameras. */
    private static String half() {
        return String.join(
                "\n",
                SharedData.lfwPeople(PEOPLE, PHOTOS).keySet().stream()
                        .limit(PEOPLE / 2)
                        .toList());
    }

    private static void copy(Path from, Path to, Hardship hardship) {
        try (Picture photo = SharedData.read(from);
                Picture hard = hardship.of(photo, from.getFileName().toString(), 1);
                Mat bgr = new Mat()) {
            cvtColor(hard.rgb(), bgr, COLOR_RGB2BGR);
            imwrite(to.toString(), bgr);
        }
    }
}
