package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facestream.cli.CommandRun;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole evaluations, with the networks that ship, on the sample pictures and smaller copies of them. */
@Tag("own-process")
class EvaluationRunTest {
    private static final Path DEMO = Path.of("src/main/resources/demo");
    private static final List<String> NAMES =
            List.of("Aksel_Andersson", "Eileen_Collins", "Grace_Hopper", "John_Ousterhout");

    @TempDir
    private static Path folder;

    private static Path photos;
    private static Path pairs;

    @TempDir
    private Path out;

    @BeforeAll
    static void fourPeople() throws IOException {
        photos = Files.createDirectory(folder.resolve("photos"));
        try (Stream<Path> files = Files.walk(DEMO)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jpg")).toList()) {
                String name = file.getParent().getFileName().toString();
                Path person = Files.createDirectory(photos.resolve(name));
                Files.copy(file, person.resolve(name + "_0001.jpg"));
                BufferedImage image = ImageIO.read(file.toFile());
                for (int number = 2; number <= 3; number++) {
                    ImageIO.write(
                            scaled(image, number == 2 ? 0.8 : 0.7),
                            "png",
                            person.resolve(name + "_000" + number + ".png").toFile());
                }
            }
        }
        List<String> lines = new ArrayList<>();
        for (String name : NAMES) {
            lines.add(name + "\t1\t2");
            lines.add(name + "\t1\t3");
        }
        for (int i = 0; i < NAMES.size(); i++) {
            for (int j = i + 1; j < NAMES.size(); j++) {
                lines.add(NAMES.get(i) + "\t1\t" + NAMES.get(j) + "\t2");
            }
        }
        // One photo shows no face, one file is no picture.
        ImageIO.write(
                grey(),
                "png",
                photos.resolve("Grace_Hopper/Grace_Hopper_0004.png").toFile());
        Files.writeString(photos.resolve("Grace_Hopper/Grace_Hopper_0005.jpg"), "not a picture");
        lines.add(NAMES.size() * 2, "Grace_Hopper\t1\t4");
        lines.add(NAMES.size() * 2, "Grace_Hopper\t1\t5");
        // Nobody of the pairs.
        Path other = Files.createDirectory(photos.resolve("Somebody_Else"));
        Files.copy(photos.resolve("Grace_Hopper/Grace_Hopper_0001.jpg"), other.resolve("Somebody_Else_0001.jpg"));
        pairs = Files.write(folder.resolve("pairs.txt"), lines);
    }

    private Path report;

    @BeforeEach
    void report() {
        report = out.resolve("new/report.json");
    }

    @Test
    void photosThatNoneCanBeDecodedAreToldWithTheReasonOfOne() throws Exception {
        Path notes = Files.createDirectory(out.resolve("notes"));
        for (String photo : List.of("Ada/Ada_0001.jpg", "Ada/Ada_0002.jpg", "Bob/Bob_0001.jpg")) {
            Files.createDirectories(notes.resolve(photo).getParent());
            Files.writeString(notes.resolve(photo), "not a picture");
        }
        Path lines = Files.writeString(out.resolve("lines.txt"), "Ada\t1\t2\nAda\t1\tBob\t1\n".repeat(5));

        CommandRun run =
                CommandRun.of("evaluate", "verification", "--images", notes.toString(), "--pairs", lines.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("none of the 3 photos can be decoded; " + notes.resolve("Ada/Ada_0001.jpg")
                        + ": not-an-image: ");
    }

    @Test
    void aVerificationTellsItsErrorsWhatItLeftOutAndWhatItWasMadeWith() throws Exception {
        Path errors = out.resolve("errors");

        CommandRun run = verify("--errors", errors.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(report.toFile());
        assertThat(figures.get("pairs").intValue()).isEqualTo(15);
        assertThat(figures.get("people").intValue()).isEqualTo(4);
        assertThat(figures.get("photos").intValue()).isEqualTo(13);
        assertThat(figures.get("undetected").intValue()).isEqualTo(1);
        assertThat(figures.get("undetectedPairs").intValue()).isEqualTo(1);
        assertThat(figures.get("undecodable").intValue()).isEqualTo(1);
        assertThat(figures.get("undecodablePairs").intValue()).isEqualTo(1);
        assertThat(figures.get("accuracy").doubleValue()).isLessThan(1);
        assertThat(figures.get("intervals").has("threshold")).isTrue();

        JsonNode made = figures.get("run");
        assertThat(made.get("model").get("version").textValue()).isEqualTo("mobilefacenet-1");
        assertThat(made.get("model").get("sha256").textValue()).hasSize(64);
        assertThat(made.get("detector").get("name").textValue()).isEqualTo("rfb");
        assertThat(made.get("seed").intValue()).isEqualTo(1);
        assertThat(made.get("data").get("files").get("pairs").get("sha256").textValue())
                .isEqualTo(sha256(Files.readAllBytes(pairs)));
        assertThat(made.get("data").get("images").get("sha256").textValue()).isEqualTo(sha256OfPhotos());
        assertThat(made.get("data").get("undecodable").get(0).get("file").textValue())
                .endsWith("Grace_Hopper_0005.jpg");
        assertThat(made.get("build").get("java").textValue()).startsWith(System.getProperty("java.version"));

        List<String> index = Files.readAllLines(errors.resolve("index.csv"));
        assertThat(index).anySatisfy(line -> assertThat(line).contains(",undetected-pair,", "Grace_Hopper_0004.png"));
        assertThat(index).anySatisfy(line -> assertThat(line).contains(",undetected,", "Grace_Hopper_0004.png"));
        assertThat(index).anySatisfy(line -> assertThat(line).contains("undecodable", "Grace_Hopper_0005.jpg"));
        assertThat(index.stream().skip(1).map(line -> line.substring(0, line.indexOf(','))))
                .filteredOn(picture -> !picture.isEmpty())
                .allSatisfy(picture -> assertThat(errors.resolve(picture)).isNotEmptyFile());
        assertThat(run.out()).contains("photos that cannot be decoded", "Grace_Hopper_0005.jpg", "mobilefacenet-1");
    }

    @Test
    void aSecondRunWithACacheGivesTheSameFiguresAlsoWhereAnEntryWasDamaged() throws Exception {
        Path cache = out.resolve("cache");
        JsonNode without = figures(verify());
        JsonNode first = figures(verify("--cache", cache.toString()));
        List<Path> entries = entries(cache);
        for (Path entry : entries.subList(1, entries.size())) {
            Files.write(entry, new byte[] {1, 2, 3});
        }

        JsonNode second = figures(verify("--cache", cache.toString()));

        // Twelve photos with a face, and one without.
        assertThat(entries).hasSize(13);
        assertThat(first).isEqualTo(without);
        assertThat(second).isEqualTo(without);
        assertThat(entries(cache)).hasSize(13).allSatisfy(entry -> assertThat(Files.size(entry))
                .isGreaterThan(30));
        assertThat(figures(verify("--cache", cache.toString(), "--degrade", "32")))
                .isNotEqualTo(without);
        assertThat(entries(cache)).hasSize(26);
    }

    @Test
    void aDetectionTellsMissedAndFalseBoxes() throws Exception {
        Path boxes = Files.write(
                out.resolve("boxes.csv"),
                List.of(
                        "file,x,y,width,height,class",
                        "Grace_Hopper_0001.jpg,0,0,10,10,",
                        "Grace_Hopper_0005.jpg,0,0,10,10,"));

        CommandRun run = CommandRun.of(
                "evaluate",
                "detection",
                "--images",
                photos.resolve("Grace_Hopper").toString(),
                "--boxes",
                boxes.toString(),
                "--report",
                report.toString(),
                "--errors",
                out.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(report.toFile());
        assertThat(figures.get("images").intValue()).isEqualTo(4);
        assertThat(figures.get("falsePositives").intValue()).isEqualTo(3);
        assertThat(figures.get("falseNegatives").intValue()).isEqualTo(1);
        assertThat(figures.get("undecodableFaces").intValue()).isEqualTo(1);
        assertThat(figures.get("intervals").has("medianMillisPerImage")).isTrue();
        assertThat(figures.get("run").get("model").isNull()).isTrue();
        assertThat(Files.readAllLines(out.resolve("index.csv"))).hasSize(1 + 3 + 1 + 1);
    }

    @Test
    void anIdentificationLeavesOutWhoHasTooFewPhotosThatCanBeDecoded() throws Exception {
        CommandRun run = CommandRun.of(
                "evaluate",
                "identification",
                "--images",
                photos.toString(),
                "--strangers",
                photos.toString(),
                "--enrol",
                "3",
                "--min-photos",
                "5");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("nobody in " + photos + " has 5 photos that can be decoded");
    }

    private CommandRun verify(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "evaluate",
                "verification",
                "--images",
                photos.toString(),
                "--pairs",
                pairs.toString(),
                "--report",
                report.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** The report without what it was made with. */
    private JsonNode figures(CommandRun run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isZero();
        ObjectNode figures = (ObjectNode) new ObjectMapper().readTree(report.toFile());
        figures.remove("run");
        return figures;
    }

    private static List<Path> entries(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** As {@code (cd photos && LC_ALL=C sha256sum NAME/*) | sha256sum} has it, of the people of the pairs. */
    private static String sha256OfPhotos() throws Exception {
        TreeMap<String, String> lines = new TreeMap<>();
        for (String name : NAMES) {
            try (Stream<Path> files = Files.list(photos.resolve(name))) {
                for (Path file : files.toList()) {
                    String label = name + "/" + file.getFileName();
                    lines.put(label, sha256(Files.readAllBytes(file)) + "  " + label + "\n");
                }
            }
        }
        return sha256(String.join("", lines.values()).getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static BufferedImage scaled(BufferedImage image, double scale) {
        int width = (int) (scale * image.getWidth());
        int height = (int) (scale * image.getHeight());
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = smaller.createGraphics();
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return smaller;
    }

    private static BufferedImage grey() {
        BufferedImage image = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.GRAY);
        graphics.fillRect(0, 0, 200, 200);
        graphics.dispose();
        return image;
    }
}
