package io.facestream.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CameraDefinitionTest {
    @TempDir
    private Path folder;

    private static CameraDefinition of(String url) {
        return new CameraDefinition(url, null, null, null, null, null, null, null);
    }

    private static CameraDefinition json(String json) throws RejectedException {
        return Json.read(json.getBytes(UTF_8), CameraDefinition.class);
    }

    private static CamerasTopic.Entry entry(String value) throws RejectedException {
        return CamerasTopic.read(new ConsumerRecord<>(
                "cameras", 3, 7, "hall".getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8)));
    }

    @Test
    void anAddressIsEnough() throws RejectedException {
        CameraDefinition camera = json("{\"url\":\"rtsp://10.0.0.5/stream1\",\"fieldOfALaterVersion\":1}");

        assertThat(camera)
                .isEqualTo(new CameraDefinition(
                        "rtsp://10.0.0.5/stream1", 5.0, 0, Gating.MOTION, Duration.ofSeconds(10), null, true, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rtsp://h/a", "RTSPS://h:322/a?x=1", "http://h/snap.jpg", "https://[::1]:8443/v", "rtsp://h:554"
            })
    void streamsOfAnyHostAreFilmed(String url) {
        assertThat(of(url).address()).isInstanceOf(CameraAddress.Stream.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rtsp://admin:geheim@h/a        | user or a password",
                "rtsp://admin@h/a               | user or a password",
                "http://h/s?user=a&pwd=geheim   | login in its parameters",
                "http://h/s?TOKEN=geheim        | login in its parameters",
                "http://h/geheim;password=x/a   | login in its parameters",
                "http://h/{password}/geheim     | before its question mark",
                "http://h/s?pwd={password}      | no secret",
                "ftp://h/geheim                 | none of rtsp://",
                "file:///etc/passwd             | none of rtsp://",
                "file:/etc/passwd               | plain name below",
                "file:../up.mp4                 | plain name below",
                "file:a/../../up.mp4            | plain name below",
                "concat:a                       | none of rtsp://",
                "webcam:x                       | a webcam is webcam:0",
                "webcam:64                      | a webcam is webcam:0",
                "webcam:0                       | host must name it",
                "file:a.mp4                     | host must name it",
                "rtsp://                        | not an address",
            })
    void anAddressThatMayNotBeFilmedIsRefusedWithoutShowingALogin(String url, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(url))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("geheim@", "=geheim"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'fps':0            | fps is above 0",
                "'fps':61           | fps is above 0",
                "'rotation':45      | rotation is 0, 90, 180 or 270, not 45",
                "'keepAlive':'PT11S'| keepAlive is PT0.1S to PT10S",
                "'keepAlive':'PT0S' | keepAlive is PT0.1S to PT10S",
                "'host':'a b'       | host has 1 to 200",
                "'secret':'../x'    | plain name of a file",
                "'secret':'.x'      | plain name of a file",
                "'gate':'often'     | not JSON as schemas/camera.json says",
                "'fps':'5'          | not JSON as schemas/camera.json says",
            })
    void aWrongFieldMakesTheCameraFailWithItsNameAndNothingElse(String field, String why) throws RejectedException {
        CamerasTopic.Entry entry = entry(("{'url':'rtsp://h/a'," + field + "}").replace('\'', '"'));

        assertThat(entry.camera()).isEqualTo("hall");
        assertThat(entry.definition()).isNull();
        assertThat(entry.fault()).contains(why);
    }

    @Test
    void aRecordWithoutAValueTakesItsCameraAway() throws RejectedException {
        assertThat(entry(null).isGone()).isTrue();
        assertThat(entry("").isGone()).isFalse();
    }

    @Test
    void aSecretIsUsedForItsHostAndNoOther() throws IOException {
        Files.writeString(folder.resolve("hall"), "host=10.0.0.5\nuser=admin\npassword= a@b:c/d?e#f \n");
        CameraSecret secret = CameraSecret.read(Optional.of(folder), "hall");

        assertThat(secret.applyTo("rtsp://10.0.0.5:554/a").toString()).isEqualTo("rtsp://10.0.0.5:554/a");
        assertThatThrownBy(() -> secret.applyTo("rtsp://10.0.0.6/a"))
                .hasMessageContaining("another host")
                .hasMessageNotContaining("a@b");
        assertThatThrownBy(() -> secret.applyTo("rtsp://10.0.0.5.evil.example/a"))
                .hasMessageContaining("another host");
        assertThatThrownBy(() -> secret.applyTo("rtsp://evil.example/?10.0.0.5"))
                .hasMessageContaining("another host");
    }

    @Test
    void aSecretForAPortIsForThatPortOnly() throws IOException {
        Files.writeString(folder.resolve("hall"), "host=cam:554\nuser=u\npassword=p");
        CameraSecret secret = CameraSecret.read(Optional.of(folder), "hall");

        assertThat(secret.applyTo("rtsp://CAM:554/a")).isNotNull();
        assertThatThrownBy(() -> secret.applyTo("rtsp://cam:555/a")).hasMessageContaining("another host");
    }

    @Test
    void aBrokenSecretIsNamedAndNotShown() throws IOException {
        Files.writeString(folder.resolve("hall"), "host=h\npass=geheim");

        assertThatThrownBy(() -> CameraSecret.read(Optional.of(folder), "hall"))
                .hasMessageContaining("secret hall")
                .hasMessageNotContaining("geheim");
        assertThatThrownBy(() -> CameraSecret.read(Optional.of(folder), "away")).hasMessageContaining("secret away");
        assertThatThrownBy(() -> CameraSecret.read(Optional.empty(), "hall"))
                .hasMessageContaining("facestream.cameras.secrets");
    }

    /** The Notepad of Windows 10 before version 1903 writes the mark in front of UTF-8. */
    @Test
    void aByteOrderMarkIsNoPartOfASecret() throws IOException {
        Files.writeString(folder.resolve("hall"), "\ufeffhost=h\r\nuser=u\r\npassword=p");

        assertThat(CameraSecret.read(Optional.of(folder), "hall")).isEqualTo(new CameraSecret("h", "u", "p"));
    }

    /** Whichever of the two counted, somebody would look for the other. */
    @Test
    void aSecretHasEachLineOnce() throws IOException {
        Files.writeString(folder.resolve("hall"), "host=h\nuser=u\npassword=p\npassword=q");

        assertThatThrownBy(() -> CameraSecret.read(Optional.of(folder), "hall"))
                .hasMessage("secret hall has two lines password=");
    }

    @Test
    void aRecordingLiesReallyBelowItsFolder() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("inside"));
        Files.writeString(folder.resolve("outside.mp4"), "x");
        Files.writeString(inside.resolve("a.mp4"), "x");
        Files.createSymbolicLink(inside.resolve("link.mp4"), folder.resolve("outside.mp4"));

        assertThat(new CameraAddress.Recording(Path.of("a.mp4")).below(Optional.of(inside)))
                .exists();
        assertThatThrownBy(() -> new CameraAddress.Recording(Path.of("link.mp4")).below(Optional.of(inside)))
                .hasMessageContaining("leads out of");
        assertThatThrownBy(() -> new CameraAddress.Recording(Path.of("b.mp4")).below(Optional.of(inside)))
                .hasMessageContaining("not a file below");
    }
}
