package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A run's state between two epochs. What is drawn depends on the seed and the epoch's number alone, so no random generator's state is
 * in it.
 *
 * @param settings of the run, as a text to be compared
 * @param epochs done
 * @param steps done
 * @param best the best figure of the held-back people so far, and since how many epochs
 * @param end why the run has ended
 * @param variables weights, moments and averages by name
 */
record Checkpoint(
        String settings, int epochs, long steps, Best best, Optional<Trainer.End> end, Map<String, float[]> variables) {
    private static final int MAGIC = 0x46535443;
    private static final int CHECKSUM_BYTES = 4;

    record Best(double figure, int epochsAgo) {
        static final Best NONE = new Best(Double.NEGATIVE_INFINITY, 0);

        Best after(double newFigure) {
            return newFigure > figure ? new Best(newFigure, 0) : new Best(figure, epochsAgo + 1);
        }
    }

    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(size());
        out.putInt(MAGIC);
        put(out, settings);
        out.putInt(epochs).putLong(steps).putDouble(best.figure()).putInt(best.epochsAgo());
        put(out, end.map(reason -> reason.reason().name()).orElse(""));
        put(out, end.map(Trainer.End::message).orElse(""));
        out.putInt(variables.size());
        variables.forEach((name, values) -> {
            put(out, name);
            out.putInt(values.length);
            out.asFloatBuffer().put(values);
            out.position(out.position() + Float.BYTES * values.length);
        });
        out.putInt(checksum(out.array(), out.position()));
        return out.array();
    }

    private int size() {
        long size = 6 * Integer.BYTES + 2 * Long.BYTES + CHECKSUM_BYTES;
        size += length(settings)
                + length(end.map(reason -> reason.reason().name()).orElse(""));
        size += length(end.map(Trainer.End::message).orElse(""));
        for (Map.Entry<String, float[]> variable : variables.entrySet()) {
            size += length(variable.getKey()) + Integer.BYTES + (long) Float.BYTES * variable.getValue().length;
        }
        return Math.toIntExact(size);
    }

    private static int length(String text) {
        return Integer.BYTES + text.getBytes(UTF_8).length;
    }

    private static void put(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        out.putInt(bytes.length).put(bytes);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    /** @throws IllegalArgumentException if the bytes are no checkpoint, or damaged */
    static Checkpoint read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int end = bytes.length - CHECKSUM_BYTES;
        if (end < 0 || in.getInt() != MAGIC || in.getInt(end) != checksum(bytes, end)) {
            throw new IllegalArgumentException("the checkpoint of " + bytes.length + " bytes is damaged");
        }
        try {
            String settings = text(in);
            int epochs = in.getInt();
            long steps = in.getLong();
            Best best = new Best(in.getDouble(), in.getInt());
            String reason = text(in);
            String message = text(in);
            Map<String, float[]> variables = new LinkedHashMap<>();
            for (int left = in.getInt(); left > 0; left--) {
                String name = text(in);
                float[] values = new float[in.getInt()];
                in.asFloatBuffer().get(values);
                in.position(in.position() + Float.BYTES * values.length);
                variables.put(name, values);
            }
            Optional<Trainer.End> ended = reason.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Trainer.End(EndReason.valueOf(reason), message));
            return new Checkpoint(settings, epochs, steps, best, ended, variables);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the checkpoint is of another build of FaceStream", e);
        }
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return new String(bytes, UTF_8);
    }
}
