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
final class RtspServer implements AutoCloseable {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private static final String SERVER =
            """
            import sys, gi
            gi.require_version("Gst", "1.0")
            gi.require_version("GstRtspServer", "1.0")
            from gi.repository import Gst, GLib, GstRtspServer
            Gst.init(None)
            server = GstRtspServer.RTSPServer(service=sys.argv[1])
            factory = GstRtspServer.RTSPMediaFactory(shared=True, launch="( videotestsrc is-live=true name=source"
                " pattern=ball ! videoscale ! capsfilter name=size caps=video/x-raw,format=I420,width=160,height=120,framerate=20/1"
                " ! identity name=gap ! jpegenc ! rtpjpegpay name=pay0 )")
            media_now = []
            factory.connect("media-configure", lambda f, media: media_now.append(media))
            server.get_mount_points().add_factory("/camera", factory)
            server.attach(None)
            def told(channel, condition):
                line = sys.stdin.readline().strip()
                if not line:
                    sys.exit(0)
                bin = media_now[-1].get_element()
                if line == "still":
                    bin.get_by_name("source").set_property("pattern", "white")
                elif line == "moving":
                    bin.get_by_name("source").set_property("pattern", "ball")
                elif line == "mute":
                    bin.get_by_name("gap").set_property("drop-probability", 1.0)
                elif line == "large":
                    bin.get_by_name("size").set_property("caps",
                        Gst.Caps.from_string("video/x-raw,format=I420,width=320,height=240,framerate=20/1"))
                print("done", flush=True)
                return True
            GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, told)
            print("ready", flush=True)
            GLib.MainLoop().run()
            """;

    private final Process process;
    private final BufferedReader out;

    RtspServer(int port) throws IOException {
        process = new ProcessBuilder(PYTHON.toString(), "-c", SERVER, Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        assertThat(out.readLine()).isEqualTo("ready");
    }

    /** Skips the test, with the reason, where the server is missing and cannot be installed. */
    static void assumeThere() throws Exception {
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
