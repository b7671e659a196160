package io.facestream.frames;

import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_BITSTREAM;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_BUFFER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_EXPLODE;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** Decodes one still picture of a HEIF file. */
final class HeifTile implements AutoCloseable {
    /** Leaves brightness, contrast and saturation unchanged, in 16.16 fixed point. */
    private static final int UNCHANGED = 1 << 16;

    /** At least the width in pixels of any vector instruction that the scaler uses. */
    private static final int VECTOR = 64;

    private final AVCodecContext codec;
    private final AVFrame frame = av_frame_alloc();

    /** @throws IllegalArgumentException if FFmpeg has no decoder for it */
    HeifTile(AVCodecParameters parameters) {
        AVCodec decoder = avcodec_find_decoder(parameters.codec_id());
        if (decoder == null || decoder.isNull()) {
            throw new IllegalArgumentException("FFmpeg has no decoder for it");
        }
        codec = avcodec_alloc_context3(decoder);
        avcodec_parameters_to_context(codec, parameters);
        codec.thread_count(1);
        codec.err_recognition(AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER);
        if (avcodec_open2(codec, decoder, (AVDictionary) null) < 0) {
            close();
            throw new IllegalArgumentException("its decoder refuses it");
        }
    }

    /**
     * Writes the picture into a canvas, clipped to it.
     *
     * @param canvas 8-bit RGB
     * @return whether a complete picture was decoded
     */
    boolean paint(AVPacket packet, Mat canvas, int x, int y) {
        if (avcodec_send_packet(codec, packet) < 0
                || avcodec_send_packet(codec, null) < 0
                || avcodec_receive_frame(codec, frame) < 0
                || frame.decode_error_flags() != 0
                || (frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0
                || frame.width() < 1
                || frame.height() < 1
                || x < 0
                || y < 0
                || x >= canvas.cols()
                || y >= canvas.rows()) {
            return false;
        }
        int width = Math.min(frame.width(), canvas.cols() - x);
        int height = Math.min(frame.height(), canvas.rows() - y);
        try (Mat rgb = new Mat(frame.height() + 1, padded(frame.width()), opencv_core.CV_8UC3);
                Rect inFrame = new Rect(0, 0, width, height);
                Rect inCanvas = new Rect(x, y, width, height);
                Mat from = rgb.apply(inFrame);
                Mat to = canvas.apply(inCanvas)) {
            if (!convert(rgb)) {
                return false;
            }
            from.copyTo(to);
        }
        return true;
    }

    /** The scaler writes whole vectors, past the end of a line. */
    private static int padded(int width) {
        return (width + VECTOR - 1) / VECTOR * VECTOR + VECTOR;
    }

    /** Replaces deprecated formats whose name implies the full range; the frame's own field gives the range. */
    private static int withoutRange(int format) {
        if (format == AV_PIX_FMT_YUVJ420P) {
            return AV_PIX_FMT_YUV420P;
        }
        if (format == AV_PIX_FMT_YUVJ422P) {
            return AV_PIX_FMT_YUV422P;
        }
        return format == AV_PIX_FMT_YUVJ444P ? AV_PIX_FMT_YUV444P : format;
    }

    /** Converts with the picture's own matrix and range; phones use the full range. */
    private boolean convert(Mat rgb) {
        SwsContext scaler = sws_getContext(
                frame.width(),
                frame.height(),
                withoutRange(frame.format()),
                frame.width(),
                frame.height(),
                AV_PIX_FMT_RGB24,
                SWS_BICUBIC,
                null,
                null,
                (DoublePointer) null);
        if (scaler == null || scaler.isNull()) {
            return false;
        }
        try (PointerPointer<AVFrame> target = new PointerPointer<>(1);
                IntPointer stride = new IntPointer(1)) {
            IntPointer coefficients = sws_getCoefficients(frame.colorspace());
            boolean jpeg = frame.color_range() == AVCOL_RANGE_JPEG || frame.format() != withoutRange(frame.format());
            int full = jpeg ? 1 : 0;
            sws_setColorspaceDetails(scaler, coefficients, full, coefficients, 1, 0, UNCHANGED, UNCHANGED);
            target.put(0, rgb.data());
            stride.put(0, (int) rgb.step());
            return sws_scale(scaler, frame.data(), frame.linesize(), 0, frame.height(), target, stride)
                    == frame.height();
        } finally {
            sws_freeContext(scaler);
        }
    }

    @Override
    public void close() {
        av_frame_free(frame);
        avcodec_free_context(codec);
    }
}
