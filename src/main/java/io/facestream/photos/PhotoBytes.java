package io.facestream.photos;

import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads photos of a user's folder, which may hold anything. */
public final class PhotoBytes {
    private PhotoBytes() {}

    /**
     * A file's bytes.
     *
     * @param most most bytes that are read; a larger file cannot be decoded
     * @throws RejectedException if the file is larger, or cannot be read
     */
    public static byte[] read(Path file, int most) throws RejectedException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(Math.min(most, Integer.MAX_VALUE - Byte.MAX_VALUE) + 1);
        } catch (IOException e) {
            throw new RejectedException(RejectReason.EMPTY, "the file cannot be read: " + e, e);
        }
        if (bytes.length > most) {
            throw new RejectedException(
                    RejectReason.TOO_LARGE,
                    file.toFile().length() + " bytes, more than the " + most + " of facestream.pictures.max-bytes");
        }
        return bytes;
    }

    /** Of a photo that can be decoded. */
    public static EmbeddedPhoto.Source decodable(byte[] bytes) {
        return new EmbeddedPhoto.Source(Sha256.hex(bytes), null);
    }

    /** @param bytes null if the file was too large */
    public static EmbeddedPhoto.Source undecodable(byte[] bytes, RejectedException why) {
        return new EmbeddedPhoto.Source(
                bytes == null ? null : Sha256.hex(bytes), why.reason().code() + ": " + why.getMessage());
    }
}
