package io.facestream.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.frames.TestPictures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What HTTP wants of an answer, whatever it is about, and what becomes of what came. */
@QuarkusTest
@Tag("own-process")
@TestProfile(HttpAnswersTest.Strict.class)
class HttpAnswersTest {
    private static final String IDENTIFY = "/api/v1/identify";
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final int A_SECOND = 3;
    private static final int DEEPEST = 3;
    private static final Path CASES = Path.of("../shared/cases");

    private final WebApi api = new WebApi();

    /** A key may ask 30 times in ten seconds. */
    public static final class Strict extends WebApi.Alone {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("facestream.web.key-rate", Integer.toString(A_SECOND));
        }
    }

    private int statusOf(String path, String key) throws Exception {
        return api.download(path, key).statusCode();
    }

    @Test
    void aKeyThatAsksTooOftenIsToldWhenToComeAgainAndOthersAreNot() throws Exception {
        String eager = api.key("viewer");
        HttpResponse<byte[]> last = null;

        for (int i = 0; i < 100 && (last == null || last.statusCode() == 200); i++) {
            last = api.download("/api/v1/people", eager);
        }

        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(new ObjectMapper().readTree(last.body()).path("type").asText())
                .isEqualTo("urn:facestream:problem:too-many");
        assertThat(statusOf("/api/v1/people", api.key("viewer"))).isEqualTo(200);
    }

    @Test
    void whateverIsShownRunsNoScriptsOfOthers() throws Exception {
        for (String path : List.of("/sign-in", "/api/v1/people", "/page/page.js", "/not/there")) {
            assertThat(api.download(path, api.key("viewer")).headers().firstValue("Content-Security-Policy"))
                    .as(path)
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                            .doesNotContain("unsafe"));
        }
    }

    @Test
    void aPictureThatIsSearchedForIsKeptNowhere() throws Exception {
        Instant start = Instant.now();
        String mark = UUID.randomUUID().toString();
        byte[] marked = withComment(GRACE, mark);
        String key = api.key("operator");

        assertThat(api.post(IDENTIFY, key, "image/jpeg", marked).status()).isEqualTo(200);
        assertThat(api.post(IDENTIFY, key, "multipart/form-data; boundary=xxx", form(marked))
                        .status())
                .isEqualTo(200);
        assertThat(api.post(
                                "/api/v1/recognition/recognize",
                                key,
                                "application/json",
                                ("{\"file\":\"" + Base64.getEncoder().encodeToString(marked) + "\"}")
                                        .getBytes(US_ASCII))
                        .status())
                .isEqualTo(200);

        List<String> tables = api.query("select oid::regclass::text from pg_class"
                + " where relkind in ('r', 'm') and relnamespace = 'facestream'::regnamespace");
        assertThat(tables).hasSizeGreaterThan(30);
        for (String table : tables) {
            assertThat(api.query(
                            "select 1 from " + table + " t where t::text like ? or t::text like ?",
                            "%" + mark + "%",
                            "%" + HexFormat.of().formatHex(mark.getBytes(US_ASCII)) + "%"))
                    .as(table)
                    .isEmpty();
        }
        assertThat(filesWith(mark, start)).isEmpty();
    }

    /** Adds a comment (marker COM) after the start of image. */
    private static byte[] withComment(byte[] jpeg, String comment) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(jpeg, 0, 2);
        all.write(new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) (comment.length() + 2)});
        all.write(comment.getBytes(US_ASCII));
        all.write(jpeg, 2, jpeg.length - 2);
        return all.toByteArray();
    }

    private static byte[] form(byte[] picture) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.write(("--xxx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"<b>'; drop table x\"\r\n"
                        + "Content-Type: image/jpeg\r\n\r\n")
                .getBytes(US_ASCII));
        form.write(picture);
        form.write("\r\n--xxx--\r\n".getBytes(US_ASCII));
        return form.toByteArray();
    }

    /** Temporary files that were written since, and that the running process may read. Others come and go meanwhile. */
    private static List<Path> filesWith(String mark, Instant start) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(Path.of(System.getProperty("java.io.tmpdir")), Set.of(), DEEPEST, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
                boolean isNew = facts.lastModifiedTime().compareTo(FileTime.from(start)) > 0;
                if (facts.isRegularFile() && isNew && holds(file, mark)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static boolean holds(Path file, String mark) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1).contains(mark);
        } catch (IOException e) {
            // Of somebody else, or gone by now.
            return false;
        }
    }

    @Test
    void filesThatOnceFailedAreTakenOrRefusedByEveryPathThatTakesPictures() throws Exception {
        assumeTrue(Files.isDirectory(CASES), "no ../shared/cases");
        List<Path> files;
        try (Stream<Path> all = Files.walk(CASES)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(10);

        for (Path file : files) {
            byte[] body = Files.readAllBytes(file);
            // a key of its own, so that no rate is reached
            String key = api.key("operator");
            WebApi.Answer identified = api.post(IDENTIFY, key, "image/jpeg", body);
            if (file.toString().endsWith(".jpg")) {
                boolean lossy = file.toString().contains("damaged-jpeg");
                assertThat(identified.status()).as("%s: %s", file, identified).isEqualTo(200);
                assertThat(identified.json().has("damaged")).as("%s", file).isEqualTo(lossy);
            } else {
                assertThat(identified.status()).as("%s: %s", file, identified).isEqualTo(400);
                assertThat(identified.json().path("type").asText())
                        .as("%s", file)
                        .isEqualTo("urn:facestream:problem:not-an-image");
            }
            for (String path : List.of("recognition/recognize", "detection/detect")) {
                WebApi.Answer answer =
                        api.post("/api/v1/" + path, key, "multipart/form-data; boundary=xxx", form(body));
                assertThat(answer.status())
                        .as("%s by %s: %s", file, path, answer)
                        .isIn(200, 400);
                assertThat(answer.status() == 200 || answer.json().path("code").asInt() > 0)
                        .as("%s by %s: %s", file, path, answer)
                        .isTrue();
            }
        }
    }
}
