package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log;

import io.facestream.frames.PhotoFile;
import io.facestream.frames.PictureBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FFmpeg has one log a process: what one reader does with it must not take it from the others. */
class FfmpegLogTest {
    private static final Path PHONES_PHOTO = Path.of("src/test/resources/photos/grid-irot.heic");

    private record Bounds(int maxBytes, long maxPixels) implements PictureBounds {}

    @TempDir
    private Path folder;

    private Path broken() throws IOException {
        return Files.write(folder.resolve("cut.mp4"), Arrays.copyOf(Files.readAllBytes(PHONES_PHOTO), 400));
    }

    @Test
    void whyAVideoCannotBeOpenedIsSaidAlsoAfterAPhonesPhotoWasRead() throws Exception {
        PhotoFile.read(PHONES_PHOTO, new Bounds(8 << 20, 40_000_000), 8 << 20);
        Path video = broken();

        assertThatThrownBy(() -> VideoReader.open(VideoInput.file(video), 0, notice -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("(error reading header)");
    }

    @Test
    void aThreadsErrorsGoToTheInnermostTaker() {
        List<String> outer = new ArrayList<>();
        List<String> inner = new ArrayList<>();
        try (FfmpegLog.Scope first = FfmpegLog.to(outer::add)) {
            try (FfmpegLog.Scope second = FfmpegLog.to(inner::add)) {
                log("inner");
            }
            try (FfmpegLog.Scope nobody = FfmpegLog.to(null)) {
                log("lost");
            }
            log("outer");
        }
        log("lost as well");

        assertThat(inner).containsExactly("inner");
        assertThat(outer).containsExactly("outer");
    }

    private static void log(String line) {
        av_log(null, AV_LOG_ERROR, line);
    }
}
