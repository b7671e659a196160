package io.facestream.cli;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.opencv_core.Mat;

/** A video file, an RTSP stream or a webcam, by FFmpeg; each picture becomes a JPEG. */
final class VideoSource implements FrameSource {
    /** Keeps what recognition needs; at 80 and less, blocks show in small faces. */
    private static final int JPEG_QUALITY = 90;

    private static final String RTSP_TIMEOUT_MICROS = "10000000";

    private final FFmpegFrameGrabber grabber;
    private final OpenCVFrameConverter.ToMat converter = new OpenCVFrameConverter.ToMat();
    private final boolean live;
    private final String name;
    private final double framesPerSecond;
    private long nextDueMicros;

    /** @param framesPerSecond frames to take in a second of the source's time; 0 takes them all */
    private VideoSource(FFmpegFrameGrabber grabber, String name, boolean live, double framesPerSecond)
            throws IOException {
        this.grabber = grabber;
        this.name = name;
        this.live = live;
        this.framesPerSecond = framesPerSecond;
        try {
            grabber.start();
        } catch (FFmpegFrameGrabber.Exception e) {
            close();
            throw new IOException("cannot open " + name + ": " + e.getMessage(), e);
        }
    }

    static VideoSource file(String path, double framesPerSecond) throws IOException {
        return new VideoSource(grabber(path), path, false, framesPerSecond);
    }

    static VideoSource rtsp(String url, double framesPerSecond) throws IOException {
        FFmpegFrameGrabber grabber = grabber(url);
        // UDP loses packets, and half-decoded frames look like faces of nobody.
        grabber.setOption("rtsp_transport", "tcp");
        grabber.setOption("timeout", RTSP_TIMEOUT_MICROS);
        return new VideoSource(grabber, withoutCredentials(url), true, framesPerSecond);
    }

    /** @param number of the camera, 0 for the first */
    static VideoSource webcam(int number, double framesPerSecond) throws IOException {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        FFmpegFrameGrabber grabber = grabber(mac ? Integer.toString(number) : "/dev/video" + number);
        grabber.setFormat(mac ? "avfoundation" : "v4l2");
        return new VideoSource(grabber, "webcam:" + number, true, framesPerSecond);
    }

    private static FFmpegFrameGrabber grabber(String source) {
        avutil.av_log_set_level(avutil.AV_LOG_FATAL);
        return new FFmpegFrameGrabber(source);
    }

    /** An RTSP URL without the user and the password that it may hold. */
    static String withoutCredentials(String url) {
        return url.replaceFirst("://[^/@]*@", "://");
    }

    @Override
    public Optional<SourceFrame> next() throws IOException {
        while (true) {
            try (Frame frame = grabber.grabImage()) {
                if (frame == null) {
                    return Optional.empty();
                }
                long micros = frame.timestamp;
                if (framesPerSecond > 0) {
                    if (micros < nextDueMicros) {
                        continue;
                    }
                    nextDueMicros += Math.round(1e6 / framesPerSecond);
                    nextDueMicros = Math.max(nextDueMicros, micros);
                }
                return Optional.of(new SourceFrame(Duration.ofNanos(micros * 1_000), jpeg(frame), name));
            } catch (FFmpegFrameGrabber.Exception e) {
                throw new IOException(name + " broke off: " + e.getMessage(), e);
            }
        }
    }

    private byte[] jpeg(Frame frame) {
        try (BytePointer bytes = new BytePointer();
                IntPointer parameters = new IntPointer(IMWRITE_JPEG_QUALITY, JPEG_QUALITY)) {
            Mat bgr = converter.convert(frame);
            if (!imencode(".jpg", bgr, bytes, parameters)) {
                throw new IllegalStateException("OpenCV wrote no JPEG");
            }
            byte[] jpeg = new byte[(int) bytes.limit()];
            bytes.get(jpeg);
            return jpeg;
        }
    }

    @Override
    public boolean live() {
        return live;
    }

    @Override
    public void close() throws IOException {
        try {
            grabber.close();
        } catch (FFmpegFrameGrabber.Exception e) {
            throw new IOException(name + " could not be closed: " + e.getMessage(), e);
        } finally {
            converter.close();
        }
    }
}
