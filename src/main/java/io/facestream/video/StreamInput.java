package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avdevice.avdevice_register_all;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_NOTIMESTAMPS;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_frame_rate;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_sample_aspect_ratio;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_network_init;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_find;

import java.io.IOException;
import java.util.OptionalDouble;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** An opened file, stream or device: the packets of its best video stream. */
final class StreamInput implements AutoCloseable {
    // Rates outside this range are clock ticks, such as the 90000 of RTP, or nonsense.
    private static final double SLOWEST = 0.02;
    private static final double FASTEST = 300;

    private final AVFormatContext context;
    private final AVIOInterruptCB.Callback_Pointer interrupt;
    private final String name;
    private final DecoderLog log;
    private final boolean device;
    private final Interruption interruption;
    private HttpBytes bytes;
    private AVStream stream;
    /** Where FFmpeg keeps the address that it has opened; 0 before. */
    private long openedAt;

    private boolean redirected;

    StreamInput(VideoInput input, DecoderLog log, Interruption interruption) throws IOException {
        this.log = log;
        this.interruption = interruption;
        name = input.name();
        device = input.format().isPresent();
        avformat_network_init();
        context = avformat_alloc_context();
        // A strong reference, because FFmpeg has only the address.
        interrupt = new AVIOInterruptCB.Callback_Pointer() {
            @Override
            public int call(Pointer unused) {
                return interruption.requested() || isRedirected() ? 1 : 0;
            }
        };
        context.interrupt_callback().callback(interrupt);
        try {
            open(input);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Whether an RTSP server has led FFmpeg to another address, with the login. It asks before it connects there.
     */
    private boolean isRedirected() {
        BytePointer url = context.url();
        if (url != null && !url.isNull()) {
            openedAt = openedAt == 0 ? url.address() : openedAt;
            redirected = url.address() != openedAt;
        }
        return redirected;
    }

    private void open(VideoInput input) throws IOException {
        AVInputFormat format = null;
        if (input.isHttp()) {
            bytes = HttpBytes.open(input, interruption);
            context.pb(bytes.context());
            format = bytes.format().isPresent()
                    ? av_find_input_format(bytes.format().get())
                    : null;
        }
        if (input.format().isPresent()) {
            avdevice_register_all();
            format = av_find_input_format(input.format().get());
        }
        AVDictionary options = new AVDictionary(null);
        try {
            input.options().forEach((option, value) -> av_dict_set(options, option, value, 0));
            check(avformat_open_input(context, bytes == null ? input.location() : "", format, options));
        } finally {
            av_dict_free(options);
        }
        if (bytes == null || format == null) {
            // Of single JPEGs nothing has to be found out, and FFmpeg would read 5 MB of them first.
            check(avformat_find_stream_info(context, (PointerPointer<?>) null));
        }
        int best = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        if (best < 0 || (context.streams(best).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
            throw new IOException(
                    name + " has no pictures: it contains " + (context.nb_streams() == 0 ? "nothing" : "no video"));
        }
        stream = context.streams(best);
    }

    private void check(int result) throws IOException {
        if (result < 0) {
            if (bytes != null && bytes.failure().isPresent()) {
                throw new IOException(
                        "cannot open " + name + ": " + bytes.failure().get());
            }
            if (redirected) {
                throw new IOException(
                        "cannot open " + name + ": the camera redirects elsewhere, which is not followed");
            }
            // FFmpeg lists all demuxers that are allowed.
            String said = log.takeLast()
                    .map(line -> line.replaceFirst("Format not on whitelist.*", "this format is not read"))
                    .map(line -> " (" + line + ")")
                    .orElse("");
            throw new IOException("cannot open " + name + ": " + FfmpegFailure.text(result) + said);
        }
    }

    AVStream stream() {
        return stream;
    }

    /** Reads the next packet of the video into {@code packet}; false at the end. */
    boolean read(AVPacket packet) throws IOException {
        while (true) {
            int result = av_read_frame(context, packet);
            if (result >= 0) {
                if (packet.stream_index() == stream.index()) {
                    return true;
                }
                av_packet_unref(packet);
            } else if (bytes != null && bytes.failure().isPresent()) {
                throw new IOException(name + ": " + bytes.failure().get());
            } else if (result == AVERROR_EOF) {
                return false;
            } else if (result != AVERROR_EAGAIN()) {
                throw new IOException(name + ": " + FfmpegFailure.text(result));
            }
        }
    }

    /** Width to height of a frame's pixels, by the container, else by the frame; 0 if unknown. */
    double pixelRatio(AVFrame frame) {
        try (AVRational ratio = av_guess_sample_aspect_ratio(context, stream, frame)) {
            return ratio.num() > 0 && ratio.den() > 0 ? (double) ratio.num() / ratio.den() : 0;
        }
    }

    /** The stream's frame rate per second; empty if no plausible rate is known. */
    OptionalDouble frameRate() {
        try (AVRational rate = av_guess_frame_rate(context, stream, null)) {
            return plausible(rate);
        }
    }

    /**
     * Whether it is a raw coded stream, whose times FFmpeg invents. The demuxers of such streams accept a frame rate.
     * Devices have real times.
     */
    boolean isWithoutTimes() {
        return (context.iformat().flags() & AVFMT_NOTIMESTAMPS) != 0 || (!device && demuxerAcceptsARate());
    }

    private boolean demuxerAcceptsARate() {
        // A demuxer without an options class keeps other data there, and searching it would crash the process.
        return context.iformat().priv_class() != null
                && context.priv_data() != null
                && av_opt_find(context.priv_data(), "framerate", (String) null, 0, 0) != null;
    }

    /** The frame rate stated in the coded stream itself. Demuxers of elementary streams invent their own. */
    OptionalDouble codedFrameRate() {
        try (AVRational rate = stream.codecpar().framerate()) {
            return plausible(rate);
        }
    }

    private static OptionalDouble plausible(AVRational rate) {
        double value = rate.den() > 0 ? (double) rate.num() / rate.den() : 0;
        return value >= SLOWEST && value <= FASTEST ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    @Override
    public void close() {
        avformat_close_input(context);
        interrupt.close();
        if (bytes != null) {
            bytes.close();
        }
    }
}
