package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.util.Optional;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Gives FFmpeg the bytes of an {@link HttpCamera}. */
final class HttpBytes implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final HttpCamera camera;
    private final Read_packet_Pointer_BytePointer_int reading;
    private final AVIOContext context;
    private volatile String failure;

    private HttpBytes(HttpCamera camera) {
        this.camera = camera;
        byte[] part = new byte[BUFFER];
        // A strong reference, because FFmpeg has only the address.
        reading = new Read_packet_Pointer_BytePointer_int() {
            @Override
            public int call(Pointer unused, BytePointer into, int size) {
                try {
                    int read = camera.read(part, size);
                    if (read < 0) {
                        return AVERROR_EOF;
                    }
                    into.put(part, 0, read);
                    return read;
                } catch (IOException | RuntimeException e) {
                    failure = reason(e);
                    return AVERROR_EXIT;
                }
            }
        };
        context = avio_alloc_context(
                new BytePointer(av_malloc(BUFFER)),
                BUFFER,
                0,
                null,
                reading,
                (Write_packet_Pointer_BytePointer_int) null,
                (Seek_Pointer_long_int) null);
        context.seekable(0);
    }

    /** @throws IOException in one line, if the camera does not answer with a picture or a stream */
    static HttpBytes open(VideoInput input, Interruption interruption) throws IOException {
        try {
            return new HttpBytes(new HttpCamera(input, interruption));
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot open " + input.name() + ": " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : StreamAddress.withoutUser(e.getMessage());
    }

    AVIOContext context() {
        return context;
    }

    /** See {@link HttpCamera#format()}. */
    Optional<String> format() {
        return camera.format();
    }

    /** Why the bytes have ended before their end. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
        camera.close();
        av_free(context.buffer());
        avio_context_free(context);
        reading.close();
    }
}
