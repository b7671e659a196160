package io.facestream.cli.publish;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Small videos made for tests: a white upper half on black. */
final class SyntheticVideo {
    static final int WIDTH = 96;
    static final int HEIGHT = 64;

    private SyntheticVideo() {}

    static void write(Path file, int frames, double framesPerSecond) throws IOException {
        try (FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(file.toString(), WIDTH, HEIGHT);
                OpenCVFrameConverter.ToMat converter = new OpenCVFrameConverter.ToMat();
                Mat picture = new Mat(HEIGHT, WIDTH, CV_8UC3, Scalar.BLACK);
                Mat upperHalf = new Mat(picture, new Rect(0, 0, WIDTH, HEIGHT / 2));
                Frame frame = converter.convert(picture)) {
            upperHalf.put(Scalar.WHITE);
            avutil.av_log_set_level(avutil.AV_LOG_ERROR);
            recorder.setVideoCodec(avcodec.AV_CODEC_ID_MPEG4);
            recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
            recorder.setFrameRate(framesPerSecond);
            recorder.start();
            for (int i = 0; i < frames; i++) {
                recorder.record(frame);
            }
            recorder.stop();
        }
    }

    /**
     * Makes a video one that has to be turned by a quarter clockwise for display, as phones held upright write it: sets
     * the matrix of its track header (ISO/IEC 14496-12, 8.3.2).
     */
    static void turnClockwise(Path mp4) throws IOException {
        byte[] bytes = Files.readAllBytes(mp4);
        int matrix = new String(bytes, ISO_8859_1).indexOf("tkhd") + 44;
        ByteBuffer.wrap(bytes)
                .position(matrix)
                .putInt(0)
                .putInt(1 << 16)
                .putInt(0)
                .putInt(-1 << 16)
                .putInt(0);
        Files.write(mp4, bytes);
    }

    /** A tenth of a second of silence: 8-bit PCM at 8 kHz in a RIFF WAVE file. */
    static void writeSound(Path wav) throws IOException {
        int samples = 800;
        ByteBuffer file = ByteBuffer.allocate(44 + samples).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(US_ASCII)).putInt(36 + samples).put("WAVEfmt ".getBytes(US_ASCII));
        file.putInt(16).putShort((short) 1).putShort((short) 1).putInt(8000).putInt(8000);
        file.putShort((short) 1).putShort((short) 8);
        file.put("data".getBytes(US_ASCII)).putInt(samples);
        while (file.hasRemaining()) {
            file.put((byte) 128);
        }
        Files.write(wav, file.array());
    }
}
