package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_ERROR_MAX_STRING_SIZE;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import org.bytedeco.javacpp.BytePointer;

/** FFmpeg's texts for its error numbers. */
final class FfmpegFailure {
    private FfmpegFailure() {}

    static String text(int error) {
        try (BytePointer text = new BytePointer(AV_ERROR_MAX_STRING_SIZE)) {
            av_strerror(error, text, text.capacity());
            return text.limit(BytePointer.strlen(text)).getString();
        }
    }
}
