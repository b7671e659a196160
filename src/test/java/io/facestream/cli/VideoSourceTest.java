package io.facestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoSourceTest {
    @ParameterizedTest
    @CsvSource({
        "rtsp://host/stream/1, rtsp://host/stream/1",
        "rtsp://userhost:554/stream, rtsp://userhost:554/stream",
        "rtsp://user:secret@host:554/stream, rtsp://host:554/stream",
        "rtsp://user:se@cret@host/stream, rtsp://host/stream",
        "rtsp://user:se/cret@host/stream, rtsp://host/stream",
        "rtsp://user:se?cret@host/stream, rtsp://host/stream",
        "rtsp://host/stream?user=me&password=secret, rtsp://host/stream",
        "rtsp://host/user=admin_password=secret_channel=1, rtsp://host",
        "rtsp://host/live/PASSWORD=secret/1, rtsp://host/live"
    })
    void aStreamIsNamedWithoutItsCredentials(String url, String named) {
        assertThat(VideoSource.withoutCredentials(url)).isEqualTo(named);
    }
}
