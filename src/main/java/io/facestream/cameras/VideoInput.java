package io.facestream.cameras;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What FFmpeg is to open, and how.
 *
 * @param location as FFmpeg takes it; may hold a password
 * @param format the demuxer; empty where FFmpeg finds out
 * @param options of the demuxer and the protocol
 * @param name for messages, without a password
 * @param live whether frames come when they come
 */
public record VideoInput(
        String location, Optional<String> format, Map<String, String> options, String name, boolean live) {
    private static final String TIMEOUT_MICROS = "10000000";

    public VideoInput {
        options = Map.copyOf(options);
    }

    /** A file; whatever is written in it, no other is opened, and no network. */
    public static VideoInput file(Path file) {
        // Told that it is a file, FFmpeg takes no colon in its name for a protocol.
        return new VideoInput(
                "file:" + file, Optional.empty(), Map.of("protocol_whitelist", "file"), file.toString(), false);
    }

    public static VideoInput stream(StreamAddress address) {
        Map<String, String> options = address.isRtsp()
                ? Map.of(
                        // UDP loses packets.
                        "rtsp_transport", "tcp",
                        "timeout", TIMEOUT_MICROS,
                        "allowed_media_types", "video",
                        // What FFmpeg reads to guess the rate would come late and all at once.
                        "fpsprobesize", "0")
                : Map.of(
                        "rw_timeout", TIMEOUT_MICROS,
                        // A camera's answer names no files and no other protocols.
                        "protocol_whitelist", "http,https,tcp,tls",
                        "fpsprobesize", "0");
        return new VideoInput(address.location(), Optional.empty(), options, address.toString(), true);
    }

    /** @param number of the camera, 0 for the first */
    public static VideoInput webcam(int number) {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        String device = mac ? Integer.toString(number) : "/dev/video" + number;
        return new VideoInput(
                device,
                Optional.of(mac ? "avfoundation" : "v4l2"),
                Map.of(),
                "webcam:" + number + " (" + device + ")",
                true);
    }

    /** Without what may hold a password. */
    @Override
    public String toString() {
        return name;
    }
}
