package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.curation.message.FaceRef;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.SightingRef;
import io.facestream.database.Sql;
import io.facestream.enrolment.EnrolmentRejection;
import io.facestream.enrolment.QualityGate;
import io.facestream.faces.ChipPlace;
import io.facestream.faces.Quality;
import io.facestream.gallery.GallerySchema;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Finds the faces that a command is about, outside its transaction, since that takes seconds: the best shot of a visit
 * where it is stored, else the chip on its topic. Serves one thread at a time.
 */
final class CommandFaces {
    private static final String BEST =
            """
            select b.chip, b.best ->> 'eventId' as event_id, b.best #>> '{pointers,chip,topic}' as topic,
                (b.best #>> '{pointers,chip,partition}')::int as part,
                (b.best #>> '{pointers,chip,offset}')::bigint as place, b.best -> 'quality' as quality
            from facestream.best_shot(?, ?) b""";

    private final DataSource database;
    private final FaceChips chips;
    private final QualityGate gate;

    /** @param gate for faces that become photos */
    CommandFaces(DataSource database, FaceChips chips, QualityGate gate) {
        this.database = database;
        this.chips = chips;
        this.gate = gate;
    }

    /** @param stored null if the best shot is not in the database */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Best(byte[] stored, ChipPlace place, Quality quality) {}

    /**
     * The faces of a command; empty if it is about none.
     *
     * @throws RefusedException {@code shot-gone} if none is left of those that it is about; an enrolment reason's code
     *     if they are to be photos, and none is good enough
     * @throws SQLException with {@link GallerySchema#REFUSED} if there is no such visit
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer: try again
     */
    List<ShownFace> of(GalleryCommand command) throws SQLException, RefusedException {
        List<ShownFace> found = new ArrayList<>();
        if (command instanceof GalleryCommand.NotThisPerson deny) {
            (deny.sighting() == null ? face(deny.face()) : best(deny.sighting())).ifPresent(found::add);
        } else if (command instanceof GalleryCommand.EnrolFrom enrol) {
            for (SightingRef sighting : enrol.sightings()) {
                best(sighting).ifPresent(found::add);
            }
        } else if (command instanceof GalleryCommand.KeepStranger keep && keep.shots() == null) {
            best(new SightingRef(keep.source(), keep.sightingId())).ifPresent(found::add);
        } else {
            return found;
        }
        if (found.isEmpty()) {
            throw new RefusedException("shot-gone", "no picture of the face is left");
        }
        return command instanceof GalleryCommand.EnrolFrom ? goodEnough(found) : found;
    }

    private List<ShownFace> goodEnough(List<ShownFace> faces) throws RefusedException {
        List<ShownFace> good = new ArrayList<>();
        Optional<EnrolmentRejection> objection = Optional.empty();
        for (ShownFace face : faces) {
            objection = gate.check(face.quality(), face.chip().embeddings().active());
            if (objection.isEmpty()) {
                good.add(face);
            }
        }
        if (good.isEmpty()) {
            throw new RefusedException(
                    objection.orElseThrow().reason().code(), objection.get().getMessage());
        }
        return good;
    }

    private Optional<ShownFace> face(FaceRef face) throws SQLException {
        ChipPlace place = new ChipPlace(face.source(), face.eventId(), face.chip());
        return fetch(place).map(chip -> new ShownFace(null, place, chip, null));
    }

    private Optional<ShownFace> best(SightingRef sighting) throws SQLException {
        Best best = Sql.on(
                        database,
                        sql -> sql.first(BEST, row -> best(sighting, row), sighting.source(), sighting.sightingId()))
                .orElseThrow();
        Optional<EmbeddedChip> chip = best.stored == null ? fetch(best.place) : chips.embed(best.stored);
        return chip.map(found -> new ShownFace(
                sighting,
                best.place,
                found,
                best.quality.withNorm(found.embeddings().ofActive().norm())));
    }

    private static Best best(SightingRef sighting, ResultSet row) throws SQLException {
        RecordPointer pointer = new RecordPointer(row.getString("topic"), row.getInt("part"), row.getLong("place"));
        try {
            return new Best(
                    row.getBytes("chip"),
                    new ChipPlace(sighting.source(), row.getString("event_id"), pointer),
                    Json.read(row.getString("quality").getBytes(UTF_8), Quality.class));
        } catch (RejectedException e) {
            throw new IllegalStateException("a visit's best shot has no quality: " + e.getMessage(), e);
        }
    }

    private Optional<EmbeddedChip> fetch(ChipPlace place) throws SQLException {
        return Optional.ofNullable(chips.fetch(List.of(place)).get(place));
    }
}
