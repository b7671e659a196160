package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_NV12;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_NV21;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.util.Set;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/** Makes small grey pictures of decoded frames. Reuses its buffers from frame to frame. */
final class GreyScaler implements AutoCloseable {
    /** Formats whose first plane is the grey picture, a byte a pixel. */
    private static final Set<Integer> LUMA_FIRST = Set.of(
            AV_PIX_FMT_YUV420P,
            AV_PIX_FMT_YUV422P,
            AV_PIX_FMT_YUV440P,
            AV_PIX_FMT_YUV444P,
            AV_PIX_FMT_GRAY8,
            AV_PIX_FMT_NV12,
            AV_PIX_FMT_NV21);

    private record Job(int width, int height, int pixelFormat) {}

    private Job job;
    private SwsContext converter;
    private AVFrame converted;

    /**
     * The mean over squares of whole pixels, which is the cheapest reduction, and removes most of the noise.
     *
     * @param longerSide the picture's longer side is at most 1.5 times as long
     */
    GreyPicture grey(AVFrame frame, int longerSide) {
        int format = FrameColours.of(frame).pixelFormat();
        AVFrame luma = LUMA_FIRST.contains(format) ? frame : convert(frame, format);
        int width = frame.width();
        int height = frame.height();
        int step = Math.max(1, Math.round(Math.max(width, height) / (float) longerSide));
        step = Math.min(step, Math.min(width, height));
        int columns = width / step;
        int rows = height / step;
        try (Mat whole = new Mat(height, width, CV_8UC1, luma.data(0), luma.linesize(0));
                Rect even = new Rect(0, 0, columns * step, rows * step);
                Mat part = new Mat(whole, even);
                Mat small = new Mat();
                Size size = new Size(columns, rows)) {
            resize(part, small, size, 0, 0, INTER_AREA);
            byte[] pixels = new byte[columns * rows];
            small.data().get(pixels);
            return new GreyPicture(columns, rows, pixels);
        }
    }

    private AVFrame convert(AVFrame frame, int format) {
        Job wanted = new Job(frame.width(), frame.height(), format);
        if (!wanted.equals(job)) {
            close();
            job = wanted;
            converter = sws_getContext(
                    wanted.width(),
                    wanted.height(),
                    format,
                    wanted.width(),
                    wanted.height(),
                    AV_PIX_FMT_GRAY8,
                    SWS_AREA,
                    (SwsFilter) null,
                    (SwsFilter) null,
                    (DoublePointer) null);
            if (converter == null) {
                throw new IllegalStateException("swscale cannot read frames of FFmpeg's pixel format " + format);
            }
            converted = av_frame_alloc();
            converted.width(wanted.width()).height(wanted.height()).format(AV_PIX_FMT_GRAY8);
            if (av_frame_get_buffer(converted, 0) < 0) {
                throw new IllegalStateException("no memory for a frame of " + frame.width() + "x" + frame.height());
            }
        }
        int before = frame.format();
        frame.format(format);
        int failed = sws_scale_frame(converter, converted, frame);
        frame.format(before);
        if (failed < 0) {
            throw new IllegalStateException("swscale failed to convert a frame: " + FfmpegFailure.text(failed));
        }
        return converted;
    }

    @Override
    public void close() {
        job = null;
        if (converter != null) {
            sws_freeContext(converter);
            converter = null;
        }
        if (converted != null) {
            av_frame_free(converted);
            converted = null;
        }
    }
}
