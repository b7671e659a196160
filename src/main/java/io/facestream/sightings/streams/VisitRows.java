package io.facestream.sightings.streams;

import io.facestream.sightings.visits.CameraVisits;
import io.facestream.sightings.visits.VisitKey;
import io.facestream.sightings.visits.VisitRules;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;

/** The rows of cameras and of their open visits. */
final class VisitRows {
    private static final Logger LOG = Logger.getLogger(VisitRows.class);

    private final KeyValueStore<byte[], byte[]> store;
    private final VisitRules rules;

    VisitRows(KeyValueStore<byte[], byte[]> store, VisitRules rules) {
        this.store = store;
        this.rules = rules;
    }

    /** The cameras that have rows. */
    Set<String> cameras() {
        Set<String> cameras = new HashSet<>();
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            all.forEachRemaining(row -> cameras.add(RowKey.read(row.key).camera()));
        }
        return cameras;
    }

    /** A camera from its rows. Rows of another build's format are dropped with the camera, which is then empty. */
    Optional<CameraVisits> read(String camera) {
        Map<VisitKey, byte[]> visits = new LinkedHashMap<>();
        byte[] clock = null;
        for (KeyValue<byte[], byte[]> row : rows(camera)) {
            RowKey key = RowKey.read(row.key);
            if (key.isOfCamera()) {
                clock = row.value;
            } else {
                ByteBuffer numbers = key.buffer();
                visits.put(new VisitKey(numbers.getLong(), numbers.getInt()), row.value);
            }
        }
        try {
            return clock == null ? Optional.empty() : Optional.of(CameraVisits.restore(rules, clock, visits));
        } catch (UncheckedIOException e) {
            LOG.warnf(
                    "the open visits of camera %s are of another version and are dropped; who is there is a new visit:"
                            + " %s",
                    camera, e.getMessage());
            delete(camera);
            return Optional.empty();
        }
    }

    private List<KeyValue<byte[], byte[]>> rows(String camera) {
        List<KeyValue<byte[], byte[]>> rows = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> range =
                store.range(RowKey.ofCamera(camera), RowKey.ofVisit(camera, Long.MAX_VALUE, Integer.MAX_VALUE))) {
            range.forEachRemaining(rows::add);
        }
        return rows;
    }

    /** Writes what changed since the last call. */
    void write(String camera, CameraVisits visits) {
        store.put(RowKey.ofCamera(camera), visits.clock());
        visits.changes().forEach((key, row) -> store.put(RowKey.ofVisit(camera, key.offset(), key.index()), row));
    }

    void delete(String camera) {
        rows(camera).forEach(row -> store.delete(row.key));
    }
}
