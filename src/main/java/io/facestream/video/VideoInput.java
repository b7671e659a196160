package io.facestream.video;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An input for FFmpeg and how to open it.
 *
 * @param location in FFmpeg's form; may contain a password
 * @param format the demuxer; empty if FFmpeg detects it
 * @param options for the demuxer and the protocol
 * @param name for messages, without a password
 * @param live whether frames arrive in real time
 * @param snapshotsPerSecond how often an HTTP address that answers with one picture is asked for the next
 */
public record VideoInput(
        String location,
        Optional<String> format,
        Map<String, String> options,
        String name,
        boolean live,
        double snapshotsPerSecond) {
    private static final String TIMEOUT_MICROS = "10000000";
    private static final double USUAL_SNAPSHOTS = 5;

    /**
     * Demuxers of recordings and streams, and of sound, which is then known to have no pictures. All others are left
     * out: a playlist (HLS, DASH, concat) may name other files and other hosts, whatever it is called.
     */
    private static final String FORMATS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,h264,hevc,vvc,mjpeg,mjpeg_2000,"
            + "mpjpeg,jpeg_pipe,flv,asf,m4v,dhav,ogg,ivf,av1,obu,nut,gif,wtv,mxf,rawvideo,y4m,yuv4mpegpipe,rtsp,h261,"
            + "h263,dv,rm,gxf,vc1,cavsvideo,swf,apng,wav,mp3,flac,aac";

    public VideoInput {
        options = Map.copyOf(options);
    }

    /** A file. Whatever it contains, no other file and no network connection is opened. */
    public static VideoInput file(Path file) {
        // With the prefix, FFmpeg does not take a colon in the name for a protocol.
        return new VideoInput(
                "file:" + file,
                Optional.empty(),
                Map.of("protocol_whitelist", "file", "format_whitelist", FORMATS),
                file.toString(),
                false,
                USUAL_SNAPSHOTS);
    }

    public static VideoInput stream(StreamAddress address) {
        return stream(address, USUAL_SNAPSHOTS);
    }

    /** @param snapshotsPerSecond for an address that answers with one picture; positive */
    public static VideoInput stream(StreamAddress address, double snapshotsPerSecond) {
        Map<String, String> options = address.isRtsp()
                ? Map.of(
                        // UDP loses packets.
                        "rtsp_transport", "tcp",
                        "timeout", TIMEOUT_MICROS,
                        "allowed_media_types", "video",
                        // A camera's answer must not lead to files or other protocols.
                        "protocol_whitelist", "rtsp,rtsps,tcp,tls,rtp,udp,srtp",
                        "format_whitelist", FORMATS,
                        // Frames read to guess the rate would be delivered late and all at once.
                        "fpsprobesize", "0")
                : Map.of(
                        // HttpCamera reads; nothing that FFmpeg finds in the bytes may open anything.
                        "protocol_whitelist", "none",
                        "format_whitelist", FORMATS,
                        "fpsprobesize", "0");
        return new VideoInput(
                address.location(), Optional.empty(), options, address.toString(), true, snapshotsPerSecond);
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
                true,
                USUAL_SNAPSHOTS);
    }

    boolean isHttp() {
        return location.startsWith("http");
    }

    /** The name, because the location may contain a password. */
    @Override
    public String toString() {
        return name;
    }
}
