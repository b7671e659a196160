package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamAddressTest {
    @ParameterizedTest
    @CsvSource({
        "rtsp://host/stream/1, rtsp://host/stream/1",
        "RTSP://host:554/stream?channel=1, rtsp://host:554/stream?channel=1",
        "rtsp://user:plain@host:554/stream, rtsp://user:plain@host:554/stream",
        "rtsp://admin:pa#ss@host/1, rtsp://admin:pa%23ss@host/1",
        "rtsp://admin:#@10.0.0.5:554/1, rtsp://admin:%23@10.0.0.5:554/1",
        "rtsp://admin:123#45@10.0.0.5/1, rtsp://admin:123%2345@10.0.0.5/1",
        "rtsp://admin:pa@ss@host/1, rtsp://admin:pa%40ss@host/1",
        "rtsp://admin:pa/ss@host/1, rtsp://admin:pa%2Fss@host/1",
        "rtsp://admin:pa?ss@host/1, rtsp://admin:pa%3Fss@host/1",
        "rtsp://admin:pa:ss@host/1, rtsp://admin:pa%3Ass@host/1",
        "rtsp://admin:pa%ss@host/1, rtsp://admin:pa%25ss@host/1",
        "rtsp://admin:100%@host/1, rtsp://admin:100%25@host/1",
        "rtsp://admin:pa%23ss@host/1, rtsp://admin:pa%23ss@host/1",
        "rtsp://admin:pässe@host/1, rtsp://admin:p%C3%A4sse@host/1",
        "rtsp://admin:p[a]s\\s@[fe80::1]:554/1, rtsp://admin:p%5Ba%5Ds%5Cs@[fe80::1]:554/1",
        "rtsp://host/cam@home, rtsp://host/cam@home",
        "rtsp://host/stream?mail=a@b, rtsp://host/stream?mail=a@b",
        "http://admin:a#b@camera.local:8080/video.mjpg, http://admin:a%23b@camera.local:8080/video.mjpg"
    })
    void aPasswordMayHoldAnyCharacter(String typed, String location) {
        assertThat(StreamAddress.of(typed).location()).isEqualTo(location);
    }

    @ParameterizedTest
    @CsvSource({
        "rtsp://host/stream/1, rtsp://host/stream/1",
        "rtsp://userhost:554/stream, rtsp://userhost:554/stream",
        "rtsp://user:secret@host:554/stream, rtsp://host:554/stream",
        "rtsp://user:se@cret@host/stream, rtsp://host/stream",
        "rtsp://user:se/cret@host/stream, rtsp://host/stream",
        "rtsp://user:se?cret@host/stream, rtsp://host/stream",
        "rtsp://user:se#cret@host/stream, rtsp://host/stream",
        "rtsp://host/stream?user=me&password=secret, rtsp://host/stream",
        "rtsp://host/user=admin_password=secret_channel=1, rtsp://host",
        "rtsp://host/live/PASSWORD=secret/1, rtsp://host/live"
    })
    void aStreamIsNamedWithoutItsCredentials(String url, String named) {
        assertThat(StreamAddress.of(url)).hasToString(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rtsp://",
                "rtsp:///path",
                "rtsp://host:0/password=secret",
                "rtsp://host:99999/1",
                "rtsp://host:port/1",
                "rtsp://user:secret@",
                "rtsp://user:secret@/1",
                "rtsp://ho st/1",
                "ftp://user:secret@host/1",
                "rtsp://user:12/secret@host/1",
                "rtsp://user:12?secret@host/1"
            })
    void whatIsNoAddressOrAmbiguousIsRefusedWithoutItsPassword(String typed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamAddress.of(typed))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret", "\n"));
    }
}
