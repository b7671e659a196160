package io.facestream.frames;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.AV_STREAM_GROUP_PARAMS_TILE_GRID;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;

import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.video.FfmpegLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.AVStreamGroup;
import org.bytedeco.ffmpeg.avformat.AVStreamGroupTileGrid;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * Reads the primary picture of a HEIC or AVIF file with FFmpeg. Phones store it as a grid of tiles, which FFmpeg
 * returns as a group of streams, and rotated, which FFmpeg reports as a display matrix (ISO/IEC 23008-12, 6.6.2.3 and
 * 6.5.10).
 *
 * <pre>
 *  file --> the default group or stream --> a packet per tile --> decoded to RGB --> its place in the canvas
 *       --> the part that is shown --> upright
 * </pre>
 */
final class HeifPhoto {
    /** FFmpeg's demuxer of ISO base media files; no other may open the file. */
    private static final String READER = "mov";

    /** Enough for 200 megapixels in tiles of 512x512. */
    private static final int MOST_TILES = 1_024;

    private final PhotoKind kind;
    private final long maxPixels;

    /** @param maxPixels limit of the canvas */
    HeifPhoto(PhotoKind kind, long maxPixels) {
        this.kind = kind;
        this.maxPixels = maxPixels;
    }

    /** The tiles and their places in the canvas, the part to show, and its display matrix. */
    private record Layout(int width, int height, List<Tile> tiles, Rect shown, int[] matrix) {}

    /** The picture of one stream, and its place in the canvas. */
    private record Tile(int stream, AVCodecParameters parameters, int x, int y) {}

    /**
     * The picture, upright.
     *
     * @throws RejectedException if FFmpeg cannot read it, or it is too large
     * @throws IOException if there is no room for a temporary file
     */
    Picture decode(byte[] image) throws RejectedException, IOException {
        // FFmpeg opens files by name, and may decode the name's characters differently from the file system.
        Path file = Files.createTempFile("facestream-photo-", ".heif");
        try (FfmpegLog.Scope nobody = FfmpegLog.to(null)) {
            Files.write(file, image);
            return decode(file);
        } catch (RuntimeException e) {
            throw refused(String.valueOf(e.getMessage()));
        } finally {
            Files.delete(file);
        }
    }

    private Picture decode(Path file) throws RejectedException {
        AVFormatContext context = new AVFormatContext(null);
        try (BytePointer name = new BytePointer(file.toString(), UTF_8)) {
            if (avformat_open_input(context, name, av_find_input_format(READER), (AVDictionary) null) < 0) {
                throw refused("not an ISO base media file");
            }
            Layout layout = layout(context);
            long pixels = (long) layout.width() * layout.height();
            if (pixels > maxPixels) {
                throw new RejectedException(
                        RejectReason.TOO_MANY_PIXELS,
                        pixels / 1_000_000 + " megapixels, more than the " + maxPixels / 1_000_000 + " of a photo");
            }
            try (Mat canvas = new Mat(layout.height(), layout.width(), opencv_core.CV_8UC3, new Scalar(0));
                    Mat shown = canvas.apply(layout.shown())) {
                paint(context, layout, canvas);
                return new Picture(DisplayMatrix.apply(layout.matrix(), shown));
            }
        } finally {
            avformat_close_input(context);
        }
    }

    private Layout layout(AVFormatContext context) throws RejectedException {
        for (int i = 0; i < context.nb_stream_groups(); i++) {
            AVStreamGroup group = context.stream_groups(i);
            if (group.type() == AV_STREAM_GROUP_PARAMS_TILE_GRID && isDefault(group.disposition())) {
                return grid(group);
            }
        }
        for (int i = 0; i < context.nb_streams(); i++) {
            AVStream stream = context.streams(i);
            if (isDefault(stream.disposition())) {
                AVCodecParameters parameters = stream.codecpar();
                int width = parameters.width();
                int height = parameters.height();
                require(width > 0 && height > 0, "a picture without a size");
                return new Layout(
                        width,
                        height,
                        List.of(new Tile(i, parameters, 0, 0)),
                        new Rect(0, 0, width, height),
                        matrix(parameters.coded_side_data(), parameters.nb_coded_side_data()));
            }
        }
        throw refused("it has no primary picture");
    }

    private Layout grid(AVStreamGroup group) throws RejectedException {
        AVStreamGroupTileGrid grid = group.params_tile_grid();
        int width = grid.coded_width();
        int height = grid.coded_height();
        require(width > 0 && height > 0 && (long) width * height <= Integer.MAX_VALUE, "a grid without a size");
        require(grid.nb_tiles() > 0 && grid.nb_tiles() <= MOST_TILES, grid.nb_tiles() + " tiles");
        Rect shown = new Rect(grid.horizontal_offset(), grid.vertical_offset(), grid.width(), grid.height());
        require(
                shown.x() >= 0
                        && shown.y() >= 0
                        && shown.width() > 0
                        && shown.height() > 0
                        && shown.width() <= width - shown.x()
                        && shown.height() <= height - shown.y(),
                "the visible part of its grid exceeds the grid");
        List<Tile> tiles = new ArrayList<>();
        for (int i = 0; i < grid.nb_tiles(); i++) {
            int index = grid.offsets_idx(i);
            require(index >= 0 && index < group.nb_streams(), "it refers to a missing tile");
            AVStream stream = group.streams(index);
            tiles.add(
                    new Tile(stream.index(), stream.codecpar(), grid.offsets_horizontal(i), grid.offsets_vertical(i)));
        }
        return new Layout(width, height, tiles, shown, matrix(grid.coded_side_data(), grid.nb_coded_side_data()));
    }

    private static boolean isDefault(int disposition) {
        return (disposition & AV_DISPOSITION_DEFAULT) != 0;
    }

    /** The nine numbers of the display matrix, or null if there is none. */
    private static int[] matrix(AVPacketSideData all, int count) {
        for (int i = 0; i < count; i++) {
            AVPacketSideData side = all.getPointer(i);
            if (side.type() == AV_PKT_DATA_DISPLAYMATRIX && side.size() >= 9L * Integer.BYTES) {
                int[] matrix = new int[9];
                new IntPointer(side.data()).get(matrix);
                return matrix;
            }
        }
        return null;
    }

    /** Decodes every tile to its place. A stream has one packet; a repeated tile has one stream. */
    private void paint(AVFormatContext context, Layout layout, Mat canvas) throws RejectedException {
        boolean[] painted = new boolean[layout.tiles().size()];
        AVPacket packet = av_packet_alloc();
        try {
            while (av_read_frame(context, packet) >= 0) {
                for (int i = 0; i < painted.length; i++) {
                    Tile tile = layout.tiles().get(i);
                    if (tile.stream() == packet.stream_index() && !painted[i]) {
                        try (HeifTile decoder = new HeifTile(tile.parameters())) {
                            painted[i] = decoder.paint(packet, canvas, tile.x(), tile.y());
                        }
                    }
                }
                av_packet_unref(packet);
            }
        } finally {
            av_packet_free(packet);
        }
        for (boolean done : painted) {
            require(done, "a part of it cannot be decoded");
        }
    }

    private void require(boolean holds, String otherwise) throws RejectedException {
        if (!holds) {
            throw refused(otherwise);
        }
    }

    private RejectedException refused(String why) {
        return new RejectedException(
                RejectReason.UNDECODABLE, "this is " + kind + " that cannot be read (" + why + "): convert it to JPEG");
    }
}
