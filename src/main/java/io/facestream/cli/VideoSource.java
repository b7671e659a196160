package io.facestream.cli;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.rotate;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.opencv_core.Mat;

/** A video file, an RTSP stream or a webcam, by FFmpeg; each picture becomes a JPEG, upright. */
final class VideoSource implements FrameSource {
    /** Keeps what recognition needs; at 80 and less, blocks show in small faces. */
    private static final int JPEG_QUALITY = 90;

    private static final String RTSP_TIMEOUT_MICROS = "10000000";
    private static final Pattern ERROR_NUMBER = Pattern.compile(" error (-\\d+)");

    private final FFmpegFrameGrabber grabber;
    private final OpenCVFrameConverter.ToMat converter = new OpenCVFrameConverter.ToMat();
    private final String name;
    private final boolean live;
    private final Optional<FrameSampling> sampling;
    private final int quarterTurns;
    private final long periodMicros;
    private Long firstMicros;
    private long lastMicros;

    /**
     * @param name for messages, without a password
     * @param framesPerSecond frames to take in a second of the source's time; empty takes them all
     */
    private VideoSource(FFmpegFrameGrabber grabber, String name, boolean live, OptionalDouble framesPerSecond)
            throws IOException {
        this.grabber = grabber;
        this.name = name;
        this.live = live;
        sampling = framesPerSecond.isPresent()
                ? Optional.of(new FrameSampling(framesPerSecond.getAsDouble()))
                : Optional.empty();
        try {
            grabber.start();
        } catch (FFmpegFrameGrabber.Exception e) {
            IOException failure = new IOException("cannot open " + name + ": " + reason(e));
            try {
                close();
            } catch (IOException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
        quarterTurns = Math.floorMod(Math.round(grabber.getDisplayRotation() / 90), 4);
        double rate = Math.min(framesPerSecond.orElse(Double.MAX_VALUE), grabber.getVideoFrameRate());
        periodMicros = rate > 0 ? Math.round(1e6 / rate) : 0;
    }

    static VideoSource file(Path file, OptionalDouble framesPerSecond) throws IOException {
        // Told that it is a file, FFmpeg takes no colon in its name for a protocol.
        return new VideoSource(grabber("file:" + file), file.toString(), false, framesPerSecond);
    }

    static VideoSource rtsp(String url, OptionalDouble framesPerSecond) throws IOException {
        FFmpegFrameGrabber grabber = grabber(url);
        // UDP loses packets, and half-decoded frames look like faces of nobody.
        grabber.setOption("rtsp_transport", "tcp");
        grabber.setOption("timeout", RTSP_TIMEOUT_MICROS);
        grabber.setOption("allowed_media_types", "video");
        return new VideoSource(grabber, withoutCredentials(url), true, framesPerSecond);
    }

    /** @param number of the camera, 0 for the first */
    static VideoSource webcam(int number, OptionalDouble framesPerSecond) throws IOException {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        String device = mac ? Integer.toString(number) : "/dev/video" + number;
        FFmpegFrameGrabber grabber = grabber(device);
        grabber.setFormat(mac ? "avfoundation" : "v4l2");
        return new VideoSource(grabber, "webcam:" + number + " (" + device + ")", true, framesPerSecond);
    }

    private static FFmpegFrameGrabber grabber(String source) {
        avutil.av_log_set_level(avutil.AV_LOG_FATAL);
        return new FFmpegFrameGrabber(source);
    }

    /** An RTSP URL without user and password, be they before the host, in the query, or in the path. */
    static String withoutCredentials(String url) {
        return url.replaceFirst("://.*@", "://")
                .replaceFirst("[?#].*", "")
                .replaceFirst("(?i)(?<!/)/[^/]*(user|pass)[^/]*=.*", "");
    }

    /** FFmpeg's words for what went wrong. JavaCV's own are not used, nor is it a cause: they hold the URL. */
    private static String reason(FFmpegFrameGrabber.Exception failure) {
        Matcher number = ERROR_NUMBER.matcher(failure.getMessage());
        if (!number.find()) {
            return "no video that FFmpeg can read";
        }
        try (BytePointer text = new BytePointer(avutil.AV_ERROR_MAX_STRING_SIZE)) {
            avutil.av_strerror(Integer.parseInt(number.group(1)), text, text.capacity());
            return text.limit(BytePointer.strlen(text)).getString();
        }
    }

    @Override
    public Optional<SourceFrame> next() throws IOException {
        while (true) {
            // JavaCV's frame and its pixels are the grabber's own, until the next is grabbed.
            try (Frame frame = grabber.grabImage()) {
                if (frame == null) {
                    return Optional.empty();
                }
                if (firstMicros == null) {
                    firstMicros = frame.timestamp;
                }
                long micros = frame.timestamp - firstMicros;
                if (sampling.isPresent() && !sampling.get().takes(micros)) {
                    continue;
                }
                lastMicros = micros;
                Optional<Duration> at = live ? Optional.empty() : Optional.of(Duration.ofNanos(micros * 1_000));
                return Optional.of(new SourceFrame(at, jpeg(frame), name));
            } catch (FFmpegFrameGrabber.Exception e) {
                throw new IOException(name + ": " + reason(e));
            }
        }
    }

    private byte[] jpeg(Frame frame) {
        try (BytePointer bytes = new BytePointer();
                IntPointer parameters = new IntPointer(IMWRITE_JPEG_QUALITY, JPEG_QUALITY);
                Mat turned = new Mat()) {
            Mat bgr = converter.convert(frame);
            if (quarterTurns != 0) {
                rotate(bgr, turned, rotation());
                bgr = turned;
            }
            if (!imencode(".jpg", bgr, bytes, parameters)) {
                throw new IllegalStateException("OpenCV wrote no JPEG");
            }
            byte[] jpeg = new byte[(int) bytes.limit()];
            bytes.get(jpeg);
            return jpeg;
        }
    }

    /** As phones write it: by how much the picture has to be turned for display, counterclockwise. */
    private int rotation() {
        return switch (quarterTurns) {
            case 1 -> ROTATE_90_COUNTERCLOCKWISE;
            case 2 -> ROTATE_180;
            default -> ROTATE_90_CLOCKWISE;
        };
    }

    @Override
    public Duration end() {
        return Duration.ofNanos((lastMicros + periodMicros) * 1_000);
    }

    @Override
    public void close() throws IOException {
        try {
            grabber.close();
        } catch (FFmpegFrameGrabber.Exception e) {
            throw new IOException(name + " could not be closed: " + reason(e));
        } finally {
            converter.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
