package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Encodes decoded frames as JPEGs with square pixels and true colours. Reuses its buffers from frame to frame. */
final class FramePictures implements AutoCloseable {
    /** Sufficient for recognition. At 80 and below, block artefacts appear in small faces. */
    private static final int JPEG_QUALITY = 90;

    /** In swscale's units: leaves brightness, contrast and saturation unchanged. */
    private static final int UNCHANGED = 1 << 16;

    /** The parameters of {@link #scaler}. */
    private record Job(int width, int height, FrameColours colours, FrameShape shape) {}

    private Job job;
    private SwsContext scaler;
    private AVFrame bgr;

    /** @param pixelRatio width to height of the frame's pixels; 0 if unknown */
    byte[] jpeg(AVFrame frame, double pixelRatio, Orientation orientation) {
        FrameShape shape = FrameShape.of(frame.width(), frame.height(), pixelRatio);
        prepare(new Job(frame.width(), frame.height(), FrameColours.of(frame), shape));
        int format = frame.format();
        frame.format(job.colours().pixelFormat());
        int failed = sws_scale_frame(scaler, bgr, frame);
        frame.format(format);
        if (failed < 0) {
            throw new IllegalStateException("swscale failed to convert a frame: " + FfmpegFailure.text(failed));
        }
        try (Mat picture = new Mat(shape.height(), shape.width(), CV_8UC3, bgr.data(0), bgr.linesize(0));
                Mat upright = new Mat()) {
            if (orientation.isUpright()) {
                return encode(picture);
            }
            orientation.apply(picture, upright);
            return encode(upright);
        }
    }

    private void prepare(Job wanted) {
        if (wanted.equals(job)) {
            return;
        }
        close();
        job = wanted;
        FrameShape shape = wanted.shape();
        scaler = sws_getContext(
                wanted.width(),
                wanted.height(),
                wanted.colours().pixelFormat(),
                shape.width(),
                shape.height(),
                AV_PIX_FMT_BGR24,
                SWS_BILINEAR,
                (SwsFilter) null,
                (SwsFilter) null,
                (DoublePointer) null);
        if (scaler == null) {
            throw new IllegalStateException("swscale cannot read frames of FFmpeg's pixel format "
                    + wanted.colours().pixelFormat());
        }
        IntPointer matrix = sws_getCoefficients(wanted.colours().matrix());
        sws_setColorspaceDetails(
                scaler, matrix, wanted.colours().fullRange() ? 1 : 0, matrix, 1, 0, UNCHANGED, UNCHANGED);
        // Allocated by FFmpeg with padding, because swscale writes whole vectors past the ends of rows.
        bgr = av_frame_alloc();
        bgr.width(shape.width()).height(shape.height()).format(AV_PIX_FMT_BGR24);
        int failed = av_frame_get_buffer(bgr, 0);
        if (failed < 0) {
            throw new IllegalStateException("no memory for a frame of " + shape.width() + "x" + shape.height());
        }
    }

    private static byte[] encode(Mat picture) {
        try (BytePointer bytes = new BytePointer();
                IntPointer parameters = new IntPointer(IMWRITE_JPEG_QUALITY, JPEG_QUALITY)) {
            if (!imencode(".jpg", picture, bytes, parameters)) {
                throw new IllegalStateException("OpenCV failed to write a JPEG");
            }
            byte[] jpeg = new byte[(int) bytes.limit()];
            bytes.get(jpeg);
            return jpeg;
        }
    }

    @Override
    public void close() {
        job = null;
        if (scaler != null) {
            sws_freeContext(scaler);
            scaler = null;
        }
        if (bgr != null) {
            av_frame_free(bgr);
            bgr = null;
        }
    }
}
