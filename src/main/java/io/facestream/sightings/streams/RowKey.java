package io.facestream.sightings.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of rows: the camera's name, a NUL, and numbers, so that the rows of a camera lie together, in the order of
 * frames and faces.
 *
 * @param camera without control characters
 * @param numbers none for the row of the camera itself
 */
record RowKey(String camera, byte[] numbers) {
    private static final int OF_VISIT = Long.BYTES + Integer.BYTES;
    private static final int OF_PENDING = Long.BYTES + 1 + Integer.BYTES;

    /** What a pending row holds, in the order of their keys. */
    enum Part {
        VECTOR,
        EVENT,
        VECTORS_MARK,
        EVENTS_MARK
    }

    static byte[] ofCamera(String camera) {
        return of(camera, new byte[0]);
    }

    static byte[] ofVisit(String camera, long offset, int index) {
        return of(
                camera,
                ByteBuffer.allocate(OF_VISIT).putLong(offset).putInt(index).array());
    }

    static byte[] ofPending(String camera, long offset, Part part, int index) {
        return of(
                camera,
                ByteBuffer.allocate(OF_PENDING)
                        .putLong(offset)
                        .put((byte) part.ordinal())
                        .putInt(index)
                        .array());
    }

    private static byte[] of(String camera, byte[] numbers) {
        byte[] name = camera.getBytes(UTF_8);
        byte[] key = Arrays.copyOf(name, name.length + 1 + numbers.length);
        System.arraycopy(numbers, 0, key, name.length + 1, numbers.length);
        return key;
    }

    static RowKey read(byte[] key) {
        int end = 0;
        while (end < key.length && key[end] != 0) {
            end++;
        }
        if (end == key.length) {
            throw new IllegalArgumentException("a row's key without a camera");
        }
        return new RowKey(new String(key, 0, end, UTF_8), Arrays.copyOfRange(key, end + 1, key.length));
    }

    boolean isOfCamera() {
        return numbers.length == 0;
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(numbers);
    }
}
