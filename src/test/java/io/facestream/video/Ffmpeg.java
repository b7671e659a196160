package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/** FFmpeg's own command, which comes with its libraries: it makes the videos that tests read. */
public final class Ffmpeg {
    private Ffmpeg() {}

    /** Runs it; the last argument names the file that it makes. */
    public static Path make(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Loader.load(ffmpeg.class), "-v", "error", "-nostdin", "-y"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Path.of(arguments[arguments.length - 1]);
    }

    /** A recording that ships with the tests. */
    public static Path recording(String name, Path folder) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = Ffmpeg.class.getResourceAsStream("/video/" + name)) {
            Files.copy(in, file);
        }
        return file;
    }
}
