package io.facestream.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** GStreamer's RTSP server, which cameras have inside as well; its picture is told what to do. */
public final class RtspServer implements AutoCloseable {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    /** Of the camera behind {@link #guarded()}. */
    public static final String USER = "admin";

    public static final String PASSWORD = "p:a/s@s";

    private final Process process;
    private final BufferedReader out;
    private final int port;
    private final int guarded;

    public RtspServer(int port) throws IOException {
        process = new ProcessBuilder(PYTHON.toString(), "src/test/scripts/rtsp-server.py", Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String ready = out.readLine();
        assertThat(ready).startsWith("ready ");
        this.port = port;
        guarded = Integer.parseInt(ready.substring("ready ".length()));
    }

    /** Skips the test, with the reason, where the server is missing and cannot be installed. */
    public static void assumeThere() throws Exception {
        if (!isThere()) {
            new ProcessBuilder("bash", "src/test/scripts/install-rtsp-server.sh")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
        assumeTrue(
                isThere(),
                "no RTSP server, and apt-get cannot install python3-gi gir1.2-gst-rtsp-server-1.0"
                        + " gstreamer1.0-plugins-base gstreamer1.0-plugins-good here");
    }

    private static boolean isThere() throws Exception {
        String imports =
                """
                import gi
                gi.require_version("GstRtspServer", "1.0")
                from gi.repository import Gst, GstRtspServer
                Gst.init(None)
                assert all(map(Gst.ElementFactory.find, ["videotestsrc", "videoscale", "jpegenc", "rtpjpegpay"]))
                """;
        return Files.isExecutable(PYTHON)
                && new ProcessBuilder(PYTHON.toString(), "-c", imports)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
    }

    public String url() {
        return "rtsp://127.0.0.1:" + port + "/camera";
    }

    /** The same camera, which wants a login by digest here. */
    public String guarded() {
        return "rtsp://127.0.0.1:" + guarded + "/camera";
    }

    /** {@code still}, {@code moving}, {@code mute} or {@code large}. */
    void tell(String command) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((command + "\n").getBytes(UTF_8));
        in.flush();
        assertThat(out.readLine()).isEqualTo("done");
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
