package io.facestream.sightings.rows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Rows of one format. Rows of another format, by a later or an earlier build, are refused rather than misread. */
public final class Row {
    private static final byte FORMAT = 3;
    private static final int USUAL_BYTES = 1 << 10;

    private Row() {}

    /** Writes a value's fields. */
    @FunctionalInterface
    public interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    /** Reads a value's fields. */
    @FunctionalInterface
    public interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    public static byte[] of(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws UncheckedIOException if the bytes are not a row of this format */
    public static <T> T read(byte[] bytes, Reading<T> reading) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte format = in.readByte();
            if (format != FORMAT) {
                throw new IOException("a row in format " + format + ", not " + FORMAT);
            }
            T value = reading.from(in);
            if (in.available() > 0) {
                throw new IOException("a row that goes on for another " + in.available() + " bytes");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            // A value that this build does not know.
            throw new UncheckedIOException(new IOException("a row that makes no sense: " + e.getMessage(), e));
        }
    }
}
