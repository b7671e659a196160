package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RESERVED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;

import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * How a frame encodes colours.
 *
 * @param pixelFormat FFmpeg's pixel format, with the deprecated full-range formats replaced
 * @param matrix AVCOL_SPC_...; if the frame names none, guessed by its size: BT.601 for standard, BT.709 for high
 *     definition
 * @param fullRange whether black is 0 and white 255, instead of 16 and 235
 */
record FrameColours(int pixelFormat, int matrix, boolean fullRange) {
    // Where players draw the line for frames that name no matrix: pl_color_system_guess_ycbcr() of libplacebo (mpv,
    // VLC).
    private static final int HD_WIDTH = 1280;
    private static final int SD_HEIGHT = 576;

    static FrameColours of(AVFrame frame) {
        int format = frame.format();
        int named = withoutRange(format);
        int range = frame.color_range();
        boolean full = range == AVCOL_RANGE_JPEG || (range == AVCOL_RANGE_UNSPECIFIED && named != format);
        return new FrameColours(named, matrix(frame), full);
    }

    private static int matrix(AVFrame frame) {
        int matrix = frame.colorspace();
        // The tag RGB on a frame of luma and chroma is a mistake; for other frames the matrix is not used.
        if (matrix != AVCOL_SPC_UNSPECIFIED && matrix != AVCOL_SPC_RESERVED && matrix != AVCOL_SPC_RGB) {
            return matrix;
        }
        return frame.width() >= HD_WIDTH || frame.height() > SD_HEIGHT ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    }

    private static int withoutRange(int format) {
        if (format == AV_PIX_FMT_YUVJ420P) {
            return AV_PIX_FMT_YUV420P;
        }
        if (format == AV_PIX_FMT_YUVJ422P) {
            return AV_PIX_FMT_YUV422P;
        }
        if (format == AV_PIX_FMT_YUVJ444P) {
            return AV_PIX_FMT_YUV444P;
        }
        return format == AV_PIX_FMT_YUVJ440P ? AV_PIX_FMT_YUV440P : format;
    }
}
