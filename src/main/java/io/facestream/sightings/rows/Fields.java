package io.facestream.sightings.rows;

import io.facestream.faces.Box;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.frames.FrameInfo;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.RecordPointer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/** The fields that rows have in common. */
public final class Fields {
    private Fields() {}

    public static void write(DataOutput out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    public static Instant readTime(DataInput in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    /** @param identity may be null */
    public static void write(DataOutput out, UUID identity) throws IOException {
        out.writeBoolean(identity != null);
        if (identity != null) {
            out.writeLong(identity.getMostSignificantBits());
            out.writeLong(identity.getLeastSignificantBits());
        }
    }

    public static UUID readIdentity(DataInput in) throws IOException {
        return in.readBoolean() ? new UUID(in.readLong(), in.readLong()) : null;
    }

    public static void write(DataOutput out, float[] vector) throws IOException {
        out.writeShort(vector.length);
        for (float x : vector) {
            out.writeFloat(x);
        }
    }

    public static float[] readVector(DataInput in) throws IOException {
        float[] vector = new float[in.readUnsignedShort()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = in.readFloat();
        }
        return vector;
    }

    public static void write(DataOutput out, Quality quality) throws IOException {
        out.writeFloat(quality.size());
        out.writeFloat(quality.sharpness());
        out.writeFloat(quality.brightness());
        out.writeFloat(quality.pose().yaw());
        out.writeFloat(quality.pose().pitch());
        out.writeFloat(quality.pose().roll());
        out.writeFloat(quality.norm() == null ? Float.NaN : quality.norm());
    }

    public static Quality readQuality(DataInput in) throws IOException {
        float size = in.readFloat();
        float sharpness = in.readFloat();
        float brightness = in.readFloat();
        Pose pose = new Pose(in.readFloat(), in.readFloat(), in.readFloat());
        float norm = in.readFloat();
        return new Quality(size, sharpness, brightness, pose, Float.isNaN(norm) ? null : norm);
    }

    public static void write(DataOutput out, Box box) throws IOException {
        out.writeFloat(box.x());
        out.writeFloat(box.y());
        out.writeFloat(box.width());
        out.writeFloat(box.height());
    }

    public static Box readBox(DataInput in) throws IOException {
        return new Box(in.readFloat(), in.readFloat(), in.readFloat(), in.readFloat());
    }

    public static void write(DataOutput out, IdentityEvent.Pointers pointers) throws IOException {
        write(out, pointers.frame());
        write(out, pointers.chip());
        write(out, pointers.embedding());
    }

    public static IdentityEvent.Pointers readPointers(DataInput in) throws IOException {
        return new IdentityEvent.Pointers(readPointer(in), readPointer(in), readPointer(in));
    }

    private static void write(DataOutput out, RecordPointer pointer) throws IOException {
        out.writeUTF(pointer.topic());
        out.writeInt(pointer.partition());
        out.writeLong(pointer.offset());
    }

    private static RecordPointer readPointer(DataInput in) throws IOException {
        return new RecordPointer(in.readUTF(), in.readInt(), in.readLong());
    }

    public static void write(DataOutput out, FrameInfo frame) throws IOException {
        out.writeUTF(frame.id());
        out.writeUTF(frame.source());
        out.writeUTF(frame.camera());
        write(out, frame.capturedAt());
        write(out, frame.appendedAt());
        out.writeInt(frame.width());
        out.writeInt(frame.height());
        write(out, frame.pointer());
        out.writeBoolean(frame.damaged() != null);
    }

    public static FrameInfo readFrame(DataInput in) throws IOException {
        return new FrameInfo(
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                readTime(in),
                readTime(in),
                in.readInt(),
                in.readInt(),
                readPointer(in),
                in.readBoolean());
    }
}
