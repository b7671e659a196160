package io.facestream.video;

import static org.bytedeco.ffmpeg.avutil.AVFrame.AV_FRAME_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.avutil.AVFrame.AV_FRAME_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_DEFAULT;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_NONREF;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_COPY_OPAQUE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_OUTPUT_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_PROP_INTRA_ONLY;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_descriptor_get;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_B;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecDescriptor;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Reads a video's frames in sequence, decoded by FFmpeg. One thread reads; any thread may {@link #interrupt()}.
 *
 * <p>Replaces JavaCV's grabber, which drops colour tags, the pixel ratio and the decoder's marks, and gives all frames
 * without times the same time.
 */
public final class VideoReader implements AutoCloseable {
    /** Consecutive errors after which decoding is given up. Skipping a packet should take one error. */
    private static final int MOST_FAILURES = 100;

    private final String name;
    private final Consumer<String> notices;
    private final DecoderLog log;
    private final StreamInput input;
    private final int quarterTurns;
    private final boolean live;
    private final StreamClock clock;
    private final FrameMarks marks;
    private final FramePictures pictures = new FramePictures();
    private final GreyScaler greys = new GreyScaler();
    private final Interruption interruption;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    /** Packets carry their number through the decoder as an address relative to this one, which is never read. */
    private final BytePointer numbers = new BytePointer(1);

    private AVCodecContext decoder;
    private long number;
    private FrameDemand demand;
    private boolean eachAlone;
    private boolean ratioReported;
    private boolean drained;
    private IOException brokenOff;

    private VideoReader(
            VideoInput source,
            StreamInput input,
            DecoderLog log,
            int quarterTurns,
            Consumer<String> notices,
            Interruption interruption) {
        name = source.name();
        this.interruption = interruption;
        live = source.live();
        this.input = input;
        this.log = log;
        this.quarterTurns = quarterTurns;
        this.notices = notices;
        clock = new StreamClock(source, input, notices);
        marks = new FrameMarks(input.stream().codecpar().codec_id());
    }

    /**
     * Opens an input and detects its format, which may take seconds.
     *
     * @param quarterTurns additional clockwise turns of the pictures, after the video's own orientation
     * @param notices receives a line for each oddity
     * @throws IOException with the reason why the video cannot be read; never contains a password
     */
    public static VideoReader open(VideoInput source, int quarterTurns, Consumer<String> notices) throws IOException {
        return open(source, quarterTurns, notices, new Interruption());
    }

    /** @param interruption makes opening and reading fail soon once it is requested */
    public static VideoReader open(
            VideoInput source, int quarterTurns, Consumer<String> notices, Interruption interruption)
            throws IOException {
        DecoderLog log = new DecoderLog(source.name());
        try (FfmpegLog.Scope scope = log.enter()) {
            StreamInput input = new StreamInput(source, log, interruption);
            VideoReader reader = new VideoReader(source, input, log, quarterTurns, notices, interruption);
            try {
                reader.openDecoder();
            } catch (IOException e) {
                reader.close();
                throw e;
            }
            log.opened();
            return reader;
        }
    }

    /**
     * Says how many frames a second are wanted: the first of each Nth of a second by {@link FrameSampling}. Others may
     * then be missing where that saves decoding them: those from which no other is predicted.
     *
     * @param framesPerSecond positive
     */
    public void thinTo(double framesPerSecond) {
        demand = new FrameDemand(framesPerSecond);
        AVCodecDescriptor codec = avcodec_descriptor_get(decoder.codec_id());
        eachAlone = codec != null && (codec.props() & AV_CODEC_PROP_INTRA_ONLY) != 0;
    }

    private void openDecoder() throws IOException {
        int id = input.stream().codecpar().codec_id();
        AVCodec codec = avcodec_find_decoder(id);
        if (codec == null) {
            throw new IOException("cannot open " + name + ": this FFmpeg has no decoder for its video ("
                    + avcodec_get_name(id).getString() + ")");
        }
        decoder = avcodec_alloc_context3(codec);
        avcodec_parameters_to_context(decoder, input.stream().codecpar());
        decoder.pkt_timebase(input.stream().time_base());
        // Also output incomplete frames, marked, because they are counted. Pass the packets' numbers on to their
        // frames.
        decoder.flags(decoder.flags() | AV_CODEC_FLAG_OUTPUT_CORRUPT | AV_CODEC_FLAG_COPY_OPAQUE);
        decoder.max_pixels(FrameShape.MAX_PIXELS);
        // More threads would delay frames and mix up the log lines of packets.
        decoder.thread_count(1);
        int failed = avcodec_open2(decoder, codec, (AVDictionary) null);
        if (failed < 0) {
            throw new IOException(
                    "cannot open " + name + ": its video cannot be decoded: " + FfmpegFailure.text(failed));
        }
    }

    /**
     * The next frame; empty at the end.
     *
     * @throws IOException if the input broke off before its end
     */
    public Optional<VideoFrame> next() throws IOException {
        int failures = 0;
        try (FfmpegLog.Scope scope = log.enter()) {
            while (true) {
                long errors = log.errors();
                int result = avcodec_receive_frame(decoder, frame);
                marks.said(number, log.errors() - errors);
                if (result == 0) {
                    return Optional.of(take());
                }
                // A decoder that asks for input after the end has no more frames either.
                if (result == AVERROR_EOF || (drained && result == AVERROR_EAGAIN())) {
                    if (brokenOff != null) {
                        throw brokenOff;
                    }
                    return Optional.empty();
                }
                if (result == AVERROR_EAGAIN()) {
                    failures = 0;
                    feed();
                    continue;
                }
                marks.undecodable(number);
                if (++failures == MOST_FAILURES) {
                    throw new IOException(name + ": its decoder keeps failing: " + FfmpegFailure.text(result));
                }
            }
        }
    }

    /**
     * Passes the next packet to the decoder. If the input breaks off, the decoder's remaining frames are still
     * returned.
     */
    private void feed() throws IOException {
        boolean there = false;
        if (!drained) {
            try {
                there = input.read(packet);
            } catch (IOException e) {
                if (live) {
                    throw e;
                }
                brokenOff = e;
            }
        }
        if (!there) {
            drained = true;
            avcodec_send_packet(decoder, null);
            return;
        }
        number++;
        if ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
            marks.lossAt(number);
        }
        if (packet.size() == 0) {
            // An empty packet repeats the picture, as in Theora. The decoder would refuse it or take it for the end.
            av_packet_unref(packet);
            return;
        }
        boolean wanted = demand == null || demand.wants(clock.expected(packet.pts()));
        if (!wanted && eachAlone) {
            av_packet_unref(packet);
            return;
        }
        decoder.skip_frame(wanted ? AVDISCARD_DEFAULT : AVDISCARD_NONREF);
        packet.opaque(numbers.getPointer(number));
        long errors = log.errors();
        int failed = avcodec_send_packet(decoder, packet);
        marks.said(number, log.errors() - errors);
        if (failed < 0) {
            marks.undecodable(number);
        }
        av_packet_unref(packet);
    }

    private VideoFrame take() {
        long micros = clock.next(frame.best_effort_timestamp());
        Pointer place = frame.opaque();
        long ofPacket = place == null || place.isNull() ? number : place.address() - numbers.address();
        boolean damaged = marks.damaged(
                ofPacket,
                (frame.flags() & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags() != 0,
                (frame.flags() & AV_FRAME_FLAG_KEY) != 0,
                frame.pict_type() == AV_PICTURE_TYPE_B,
                micros);
        Duration at = Duration.ofNanos(micros * 1_000);
        return new VideoFrame(at, damaged, frame.width(), frame.height(), new VideoFrame.Pictures() {
            @Override
            public byte[] jpeg() {
                return VideoReader.this.jpeg();
            }

            @Override
            public GreyPicture grey(int longerSide) {
                return greys.grey(frame, longerSide);
            }
        });
    }

    private byte[] jpeg() {
        double ratio = input.pixelRatio(frame);
        if (!ratioReported
                && FrameShape.of(frame.width(), frame.height(), ratio).ratioRefused()) {
            ratioReported = true;
            notices.accept(name + " says that its pixels are " + StreamClock.number(ratio)
                    + " times as wide as high; taken as square");
        }
        return pictures.jpeg(frame, ratio, orientation().turnedOn(quarterTurns));
    }

    private Orientation orientation() {
        AVFrameSideData matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
        if (matrix == null || matrix.isNull()) {
            return Orientation.UPRIGHT;
        }
        IntPointer m = new IntPointer(matrix.data());
        return Orientation.of(m.get(0), m.get(1), m.get(3), m.get(4));
    }

    /** The number of the stream's packets so far, each of which usually holds a frame. */
    public long packets() {
        return number;
    }

    /** The number of frames that were lost completely. */
    public long undecodable() {
        return marks.undecodable();
    }

    /** The time since the first frame at which the next frame would be due. */
    public Duration end() {
        return Duration.ofNanos(clock.end() * 1_000);
    }

    /** Makes a read that waits for the network fail soon; may be called from any thread. */
    public void interrupt() {
        interruption.request();
    }

    @Override
    public void close() {
        pictures.close();
        greys.close();
        av_frame_free(frame);
        av_packet_free(packet);
        if (decoder != null) {
            avcodec_free_context(decoder);
        }
        numbers.close();
        try (FfmpegLog.Scope scope = log.enter()) {
            input.close();
        }
    }
}
