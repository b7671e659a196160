package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.SightingRef;
import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.gallery.VectorText;
import io.facestream.messaging.Json;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What commands about faces and visits do: functions of {@code R__negatives.sql}. */
final class FaceChanges {
    private final Sql sql;

    FaceChanges(Sql sql) {
        this.sql = sql;
    }

    /** @param samples how many photos are new */
    record Enrolled(UUID person, long samples) {}

    /** Returns who it is not. */
    UUID deny(GalleryCommand.NotThisPerson deny, ShownFace face) throws SQLException {
        Vectors vectors = Vectors.of(face.chip());
        UUID person = uuid(
                "select facestream.add_negative(?, ?, ?, ?, ?, ?, ?)",
                deny.commandId(),
                deny.person(),
                face.place().source(),
                face.place().eventId(),
                face.chip().png(),
                vectors.versions(),
                vectors.vectors());
        if (deny.sighting() != null) {
            SightingRef visit = deny.sighting();
            sql.execute(
                    "select facestream.deny_visit(?, ?, ?, ?)",
                    deny.commandId(),
                    visit.source(),
                    visit.sightingId(),
                    person);
        }
        return person;
    }

    /** Returns whose the visit is. */
    UUID name(GalleryCommand.Name name) throws SQLException {
        return uuid(
                "select facestream.name_visit(?, ?, ?, ?::text, ?::text)",
                name.commandId(),
                name.sighting().source(),
                name.sighting().sightingId(),
                name.into(),
                name.name());
    }

    Enrolled enrol(GalleryCommand.EnrolFrom enrol, List<ShownFace> faces) throws SQLException {
        UUID person = uuid("select facestream.find_or_make_person(?::text, ?::text)", enrol.into(), enrol.name());
        long samples = 0;
        for (ShownFace face : faces) {
            Vectors vectors = Vectors.of(face.chip());
            samples += sql.first(
                            "select facestream.enrol_shot(?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)",
                            row -> row.getBoolean(1) ? 1 : 0,
                            person,
                            face.sighting().source(),
                            face.sighting().sightingId(),
                            face.chip().png(),
                            new String(Json.write(face.quality()), UTF_8),
                            face.place().chip().topic(),
                            face.place().chip().partition(),
                            face.place().chip().offset(),
                            vectors.versions(),
                            vectors.vectors(),
                            vectors.norms())
                    .orElseThrow();
        }
        return new Enrolled(person, samples);
    }

    /** The vectors of a chip as SQL takes them: arrays in one order. */
    private record Vectors(Object versions, Object vectors, Object norms) {
        static Vectors of(EmbeddedChip chip) {
            List<Map.Entry<String, Embedding>> all =
                    List.copyOf(chip.embeddings().byVersion().entrySet());
            return new Vectors(
                    Sql.array("text", all.stream().map(Map.Entry::getKey).toArray()),
                    Sql.array(
                            "text",
                            all.stream()
                                    .map(entry -> VectorText.of(entry.getValue()))
                                    .toArray()),
                    Sql.array(
                            "float4",
                            all.stream().map(entry -> entry.getValue().norm()).toArray()));
        }
    }

    private UUID uuid(String statement, Object... parameters) throws SQLException {
        return sql.first(statement, row -> row.getObject(1, UUID.class), parameters)
                .orElseThrow();
    }
}
