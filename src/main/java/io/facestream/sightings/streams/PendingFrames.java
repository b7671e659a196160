package io.facestream.sightings.streams;

import io.facestream.frames.FrameInfo;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.Identification.Reason;
import io.facestream.sightings.rows.Fields;
import io.facestream.sightings.rows.Row;
import io.facestream.sightings.streams.RowKey.Part;
import io.facestream.sightings.tracking.SeenFace;
import io.facestream.sightings.visits.SeenFrame;
import io.facestream.sightings.vote.Verdict;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;

/**
 * Frames of which not everything has been read. A frame is complete when its marks on both topics have been read, in
 * whatever order. A face that is only on one of them was rejected by a stage and is left out.
 */
final class PendingFrames {
    /** A mark that has not come by then, while later ones have, was rejected by a stage. */
    private static final long DISORDER_MILLIS = 10_000;

    private static final TreeMap<Long, Pending> NONE = new TreeMap<>();

    private static final Logger LOG = Logger.getLogger(PendingFrames.class);

    private final KeyValueStore<byte[], byte[]> store;
    private final int most;
    /** The frames of each camera by their offsets on {@code camera-frames}; no camera without a frame. */
    private final Map<String, TreeMap<Long, Pending>> cameras = new HashMap<>();

    private int rows;
    private long incomplete;
    private long overflown;
    private long completedOffset;
    private long completedMillis = Long.MIN_VALUE;

    private record VersionedVector(String modelVersion, float[] vector) {}

    private static final class Pending {
        final Map<Integer, VersionedVector> vectors = new TreeMap<>();
        final Map<Integer, SeenFace> events = new TreeMap<>();
        final Set<Part> marks = new HashSet<>();
        /** About when the frame was appended. */
        long millis;

        int rows() {
            return vectors.size() + events.size() + marks.size();
        }

        List<SeenFace> faces() {
            List<SeenFace> faces = new ArrayList<>();
            Set<String> ids = new HashSet<>();
            events.forEach((index, face) -> {
                VersionedVector vector = vectors.get(index);
                // Two visits that began with one event would be taken for one.
                if (vector != null && vector.modelVersion.equals(face.modelVersion()) && ids.add(face.eventId())) {
                    faces.add(new SeenFace(
                            face.eventId(),
                            index,
                            face.box(),
                            face.quality(),
                            face.verdict(),
                            face.modelVersion(),
                            vector.vector,
                            face.pointers()));
                }
            });
            return faces;
        }
    }

    /**
     * @param store whose rows are read at once
     * @param most rows; beyond it the oldest frames are given up
     * @param latest when the partition's latest frame was appended, by its visits
     */
    PendingFrames(KeyValueStore<byte[], byte[]> store, int most, long latest) {
        this.store = store;
        this.most = most;
        List<byte[]> unreadable = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<byte[], byte[]> row = all.next();
                try {
                    restore(row);
                } catch (UncheckedIOException e) {
                    unreadable.add(row.key);
                }
            }
        }
        unreadable.forEach(store::delete);
        assumeTimes(latest);
        if (!unreadable.isEmpty()) {
            LOG.warnf(
                    "%d faces and marks that wait for the rest of their frames are of another version and are dropped",
                    unreadable.size());
        }
    }

    /** A mark's row alone tells when its frame was appended. Without one it counts as late as any that is known. */
    private void assumeTimes(long latest) {
        List<Pending> all = cameras.values().stream()
                .flatMap(frames -> frames.values().stream())
                .toList();
        long known = all.stream().mapToLong(pending -> pending.millis).reduce(latest, Math::max);
        all.stream().filter(pending -> pending.marks.isEmpty()).forEach(pending -> pending.millis = known);
    }

    private void restore(KeyValue<byte[], byte[]> row) {
        RowKey key = RowKey.read(row.key);
        ByteBuffer numbers = key.buffer();
        long offset = numbers.getLong();
        Part part = Part.values()[numbers.get()];
        int index = numbers.getInt();
        switch (part) {
            case VECTOR -> {
                VersionedVector vector =
                        Row.read(row.value, in -> new VersionedVector(in.readUTF(), Fields.readVector(in)));
                pending(key.camera(), offset).vectors.put(index, vector);
            }
            case EVENT -> {
                SeenFace face = readEvent(index, row.value);
                pending(key.camera(), offset).events.put(index, face);
            }
            case VECTORS_MARK, EVENTS_MARK -> {
                FrameInfo frame = Row.read(row.value, Fields::readFrame);
                Pending pending = pending(key.camera(), offset);
                pending.marks.add(part);
                pending.millis = frame.appendedAt().toEpochMilli();
            }
        }
        rows++;
    }

    /** Whether anything of a frame has been read. */
    boolean holds(String camera, long offset) {
        return cameras.getOrDefault(camera, NONE).containsKey(offset);
    }

    /** Whether anything of any frame of a camera has been read that was not completed. */
    boolean holds(String camera) {
        return cameras.containsKey(camera);
    }

    void add(Input.FaceVector face) {
        FrameInfo frame = face.frame();
        VersionedVector vector = new VersionedVector(face.modelVersion(), face.vector());
        Pending pending = pending(frame.camera(), frame.pointer().offset());
        pending.millis = face.appendedMillis();
        boolean fresh = pending.vectors.put(face.index(), vector) == null;
        byte[] row = Row.of(out -> {
            out.writeUTF(vector.modelVersion);
            Fields.write(out, vector.vector);
        });
        put(RowKey.ofPending(frame.camera(), frame.pointer().offset(), Part.VECTOR, face.index()), row, fresh);
    }

    /** @param millis about when its frame was appended */
    void add(Input.FaceEvent event, long millis) {
        SeenFace face = event.face();
        Pending pending = pending(event.camera(), event.frameOffset());
        pending.millis = Math.max(pending.millis, millis);
        boolean fresh = pending.events.put(face.index(), face) == null;
        put(RowKey.ofPending(event.camera(), event.frameOffset(), Part.EVENT, face.index()), writeEvent(face), fresh);
    }

    /** Takes a mark in; the frame, if it is complete with it. */
    Optional<SeenFrame> add(Input.Mark mark) {
        FrameInfo frame = mark.frame();
        String camera = frame.camera();
        long offset = frame.pointer().offset();
        Part part = mark.side() == Input.Side.VECTORS ? Part.VECTORS_MARK : Part.EVENTS_MARK;
        Pending pending = pending(camera, offset);
        pending.millis = mark.appendedMillis();
        boolean fresh = pending.marks.add(part);
        if (pending.marks.size() < 2) {
            put(RowKey.ofPending(camera, offset, part, 0), Row.of(out -> Fields.write(out, frame)), fresh);
            return Optional.empty();
        }
        pending.marks.remove(part); // it has no row
        giveUpBefore(camera, offset, pending.millis - DISORDER_MILLIS);
        remove(camera, offset);
        completedOffset = offset;
        completedMillis = pending.millis;
        return Optional.of(new SeenFrame(frame, pending.faces()));
    }

    private Pending pending(String camera, long offset) {
        return cameras.computeIfAbsent(camera, name -> new TreeMap<>()).computeIfAbsent(offset, of -> new Pending());
    }

    private void put(byte[] key, byte[] row, boolean fresh) {
        store.put(key, row);
        rows += fresh ? 1 : 0;
        while (rows > most) {
            String camera = cameras.entrySet().stream()
                    .max(Comparator.comparingInt(of -> of.getValue().size()))
                    .orElseThrow()
                    .getKey();
            remove(camera, cameras.get(camera).firstKey());
            overflown++;
        }
    }

    /** Of a camera's earlier frames both topics have been read past the place of their marks. */
    private void giveUpBefore(String camera, long offset, long millis) {
        List<Long> over = cameras.get(camera).headMap(offset).entrySet().stream()
                .filter(frame -> frame.getValue().millis < millis)
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(of -> remove(camera, of));
        incomplete += over.size();
    }

    /**
     * Gives up frames of any camera that lie before the latest complete one: stages keep the order of a partition, so
     * their marks will not come, and a camera that films no more has no later frame of its own.
     */
    void giveUpOvertaken() {
        if (completedMillis != Long.MIN_VALUE) {
            for (String camera : List.copyOf(cameras.keySet())) {
                giveUpBefore(camera, completedOffset, completedMillis - DISORDER_MILLIS);
            }
        }
    }

    /** Gives up frames of any camera that were appended before that time. */
    void giveUpBefore(long millis) {
        for (String camera : List.copyOf(cameras.keySet())) {
            giveUpBefore(camera, Long.MAX_VALUE, millis);
        }
    }

    private void remove(String camera, long offset) {
        TreeMap<Long, Pending> frames = cameras.get(camera);
        Pending pending = frames.remove(offset);
        if (frames.isEmpty()) {
            cameras.remove(camera);
        }
        pending.vectors.keySet().forEach(index -> delete(camera, offset, Part.VECTOR, index));
        pending.events.keySet().forEach(index -> delete(camera, offset, Part.EVENT, index));
        pending.marks.forEach(part -> delete(camera, offset, part, 0));
        rows -= pending.rows();
    }

    private void delete(String camera, long offset, Part part, int index) {
        store.delete(RowKey.ofPending(camera, offset, part, index));
    }

    int rows() {
        return rows;
    }

    /** Everybody whom events of a camera mention that wait for their frame's completion. */
    Set<UUID> mentioned(String camera) {
        Set<UUID> mentioned = new HashSet<>();
        cameras.getOrDefault(camera, NONE).values().forEach(pending -> pending.events.values().stream()
                .map(face -> face.verdict().nearest())
                .filter(identity -> identity != null)
                .forEach(mentioned::add));
        return mentioned;
    }

    /** Frames that were given up since the last call because a mark never came. */
    long takeIncomplete() {
        long taken = incomplete;
        incomplete = 0;
        return taken;
    }

    /** Frames that were given up since the last call because too many were pending. */
    long takeOverflown() {
        long taken = overflown;
        overflown = 0;
        return taken;
    }

    private static byte[] writeEvent(SeenFace face) {
        return Row.of(out -> {
            out.writeUTF(face.eventId());
            Fields.write(out, face.box());
            Fields.write(out, face.quality());
            Verdict verdict = face.verdict();
            out.writeByte(verdict.decision().ordinal());
            out.writeByte(verdict.reason() == null ? -1 : verdict.reason().ordinal());
            Fields.write(out, verdict.nearest());
            out.writeDouble(verdict.probability());
            Fields.write(out, verdict.stranger());
            out.writeUTF(face.modelVersion());
            Fields.write(out, face.pointers());
        });
    }

    private static SeenFace readEvent(int index, byte[] row) {
        return Row.read(row, in -> {
            String eventId = in.readUTF();
            var box = Fields.readBox(in);
            var quality = Fields.readQuality(in);
            Decision decision = Decision.values()[in.readByte()];
            int reason = in.readByte();
            Verdict verdict = new Verdict(
                    decision,
                    reason < 0 ? null : Reason.values()[reason],
                    Fields.readIdentity(in),
                    in.readDouble(),
                    Fields.readIdentity(in));
            return new SeenFace(
                    eventId, index, box, quality, verdict, in.readUTF(), new float[0], Fields.readPointers(in));
        });
    }
}
