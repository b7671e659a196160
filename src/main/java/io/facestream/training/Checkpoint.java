package io.facestream.training;

import io.facestream.training.commands.EndReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * A run's state between two epochs. Random draws depend on the seed and the epoch's number alone, so the state of a
 * random generator is not part of it.
 *
 * @param settings of the run, as a text to be compared
 * @param epochs done
 * @param steps done
 * @param best the best figure of the held-back people so far, and since how many epochs
 * @param end why the run has ended
 * @param variables weights, moments and averages by name
 */
record Checkpoint(
        String settings, int epochs, long steps, Best best, Optional<TrainingEnd> end, Map<String, float[]> variables) {
    private static final int MAGIC = 0x46535443;
    private static final int CHECKSUM_BYTES = 4;

    record Best(double figure, int epochsAgo) {
        static final Best NONE = new Best(Double.NEGATIVE_INFINITY, 0);

        Best after(double newFigure) {
            return newFigure > figure ? new Best(newFigure, 0) : new Best(figure, epochsAgo + 1);
        }
    }

    byte[] bytes() {
        int values = variables.values().stream()
                .mapToInt(variable -> variable.length)
                .reduce(0, Math::addExact);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.multiplyExact(Float.BYTES, values));
        CheckedOutputStream checked = new CheckedOutputStream(bytes, new CRC32C());
        try (DataOutputStream out = new DataOutputStream(checked)) {
            out.writeInt(MAGIC);
            out.writeUTF(settings);
            out.writeInt(epochs);
            out.writeLong(steps);
            out.writeDouble(best.figure());
            out.writeInt(best.epochsAgo());
            out.writeUTF(end.map(reason -> reason.reason().name()).orElse(""));
            out.writeUTF(end.map(TrainingEnd::message).orElse(""));
            out.writeInt(variables.size());
            for (Map.Entry<String, float[]> variable : variables.entrySet()) {
                float[] floats = variable.getValue();
                ByteBuffer content = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, floats.length));
                content.asFloatBuffer().put(floats);
                out.writeUTF(variable.getKey());
                out.writeInt(floats.length);
                out.write(content.array());
            }
            out.writeInt((int) checked.getChecksum().getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory cannot fail
        }
        return bytes.toByteArray();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    /** @throws IllegalArgumentException if the bytes are not a checkpoint, or damaged */
    static Checkpoint read(byte[] bytes) {
        ByteBuffer whole = ByteBuffer.wrap(bytes);
        int end = bytes.length - CHECKSUM_BYTES;
        if (end < Integer.BYTES || whole.getInt() != MAGIC || whole.getInt(end) != checksum(bytes, end)) {
            throw new IllegalArgumentException("the checkpoint of " + bytes.length + " bytes is damaged");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, Integer.BYTES, end))) {
            String settings = in.readUTF();
            int epochs = in.readInt();
            long steps = in.readLong();
            Best best = new Best(in.readDouble(), in.readInt());
            String reason = in.readUTF();
            String message = in.readUTF();
            Map<String, float[]> variables = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                String name = in.readUTF();
                float[] values = new float[in.readInt()];
                ByteBuffer.wrap(in.readNBytes(Float.BYTES * values.length))
                        .asFloatBuffer()
                        .get(values);
                variables.put(name, values);
            }
            Optional<TrainingEnd> ended = reason.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TrainingEnd(EndReason.valueOf(reason), message));
            return new Checkpoint(settings, epochs, steps, best, ended, variables);
        } catch (IOException e) {
            throw new IllegalArgumentException("the checkpoint is of another build of FaceStream", e);
        }
    }
}
