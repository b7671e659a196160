package io.facestream.training.data;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The chips of a training set: raw RGB, {@value #CHIP_BYTES} bytes each, one after another in a scratch file, so that
 * they need not fit into memory. Any number of threads may read; one at a time appends. The file disappears with the
 * store, even when the process is killed, since it loses its name as soon as it is open.
 */
public final class ChipStore implements AutoCloseable {
    /** Size of one chip: 160 x 160 pixels of three bytes. */
    public static final int CHIP_BYTES = FaceAligner.CHIP_SIZE * FaceAligner.CHIP_SIZE * 3;

    private final Path folder;
    private final FileChannel channel;
    private int size;

    /** @param folder for the scratch file; it is created if need be */
    public ChipStore(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "facestream-chips-", ".rgb");
        channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    /**
     * Adds a chip and returns its index, which is the number of chips before it.
     *
     * @throws IOException if it could not be written, for example because the disk is full; the store is then unchanged
     */
    public synchronized int append(Picture chip) throws IOException {
        if (chip.width() != FaceAligner.CHIP_SIZE || chip.height() != FaceAligner.CHIP_SIZE) {
            throw new IllegalArgumentException("a chip is " + FaceAligner.CHIP_SIZE + " px wide and high, not "
                    + chip.width() + "x" + chip.height());
        }
        ByteBuffer pixels = chip.rgb().createBuffer();
        long start = (long) size * CHIP_BYTES;
        try {
            while (pixels.hasRemaining()) {
                channel.write(pixels, start + pixels.position());
            }
        } catch (IOException e) {
            throw new IOException(
                    "chip " + size + " could not be written to " + folder + ", where "
                            + folder.toFile().getUsableSpace() + " bytes are free: " + e.getMessage(),
                    e);
        }
        return size++;
    }

    /** How many chips there are. */
    public synchronized int size() {
        return size;
    }

    /** The chip at an index. The caller closes it. */
    public Picture read(int index) throws IOException {
        Mat rgb = new Mat(FaceAligner.CHIP_SIZE, FaceAligner.CHIP_SIZE, CV_8UC3);
        Picture chip = new Picture(rgb);
        try {
            read(index, rgb.createBuffer());
            return chip;
        } catch (IOException | RuntimeException e) {
            chip.close();
            throw e;
        }
    }

    private void read(int index, ByteBuffer pixels) throws IOException {
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException("chip " + index + " of " + size());
        }
        long start = (long) index * CHIP_BYTES;
        while (pixels.hasRemaining()) {
            if (channel.read(pixels, start + pixels.position()) < 0) {
                throw new EOFException("chip " + index + " is missing in " + folder);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
