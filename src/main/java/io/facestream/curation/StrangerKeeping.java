package io.facestream.curation;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryCommand.KeepStranger;
import io.facestream.curation.message.StrangerShot;
import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.ChipPlace;
import io.facestream.faces.Quality;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.VectorText;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangerStore;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.messaging.RecordPointer;
import io.facestream.models.ModelRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Keeps strangers: by their chips, with vectors under every live version. Forgets them when their time is up. Serves
 * one thread at a time.
 */
final class StrangerKeeping {
    private static final int AT_A_TIME = 1_000;

    /** Takes seconds, so that commands hardly wait for it. */
    private static final int EMBEDDED_AT_A_TIME = 64;

    private final FaceChips chips;
    private final StrangersConfig config;

    StrangerKeeping(FaceChips chips, StrangersConfig config) {
        this.chips = chips;
        this.config = config;
    }

    /** @throws RefusedException if a command needs the setting for how long strangers are kept, and there is none */
    void check(GalleryCommand command) throws RefusedException {
        boolean needsKeep = command instanceof KeepStranger
                || command instanceof GalleryCommand.Extend extend && extend.keep() == null;
        if (needsKeep && config.keep().isEmpty()) {
            throw new RefusedException("not-kept", "strangers are not kept here: facestream.strangers.keep is none");
        }
    }

    /**
     * The faces of a command by which the stranger is known again.
     *
     * @param best the visit's best view, where the command names no shots
     * @return JSON for {@link #keep}
     * @throws RefusedException if no face is there any more, or none is good enough
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer in time: try again
     */
    String faces(KeepStranger command, List<ShownFace> best) throws SQLException, RefusedException {
        List<StrangerStore.Face> faces = command.shots() == null ? goodEnough(best) : fetch(command);
        if (faces.isEmpty()) {
            throw new RefusedException("too-poor", "no face of the visit is good enough to know somebody again");
        }
        return StrangerStore.json(faces);
    }

    /** The role sightings has checked the size and sharpness of shots, but not of a visit's best view. */
    private List<StrangerStore.Face> goodEnough(List<ShownFace> best) {
        return best.stream()
                .filter(face -> face.quality().size() >= config.minFaceSize()
                        && face.quality().sharpness() >= config.minSharpness()
                        && isLongEnough(face.chip()))
                .map(face -> face(face.quality(), face.place().chip(), face.chip()))
                .toList();
    }

    private List<StrangerStore.Face> fetch(KeepStranger command) throws SQLException, RefusedException {
        Map<ChipPlace, StrangerShot> shots = new HashMap<>();
        command.shots().forEach(shot -> shots.put(new ChipPlace(command.source(), shot.eventId(), shot.chip()), shot));
        List<StrangerStore.Face> faces = new ArrayList<>();
        boolean gone = true;
        for (Map.Entry<ChipPlace, EmbeddedChip> found :
                chips.fetch(shots.keySet()).entrySet()) {
            EmbeddedChip chip = found.getValue();
            StrangerShot shot = shots.get(found.getKey());
            gone = false;
            if (isLongEnough(chip)) {
                faces.add(face(shot.quality(), shot.chip(), chip));
            }
        }
        if (gone) {
            throw new RefusedException("shot-gone", "no face of the visit is on detected-faces any more");
        }
        return faces;
    }

    private boolean isLongEnough(EmbeddedChip chip) {
        return chip.embeddings().ofActive().norm()
                >= StrangerSearch.leastNorm(chip.embeddings().active(), config);
    }

    private static StrangerStore.Face face(Quality quality, RecordPointer place, EmbeddedChip chip) {
        return StrangerStore.Face.of(
                chip.png(),
                quality.withNorm(chip.embeddings().ofActive().norm()),
                place,
                chip.embeddings().byVersion());
    }

    /**
     * Keeps the stranger.
     *
     * @param faces of {@link #faces}
     * @return who it is; empty if the model versions have changed since: embed the faces again
     * @throws SQLException with {@link GallerySchema#REFUSED} if it is somebody who is enrolled, or in doubt
     */
    Optional<UUID> keep(Sql sql, KeepStranger command, String faces) throws SQLException {
        return new StrangerStore(config, config.keep().orElseThrow())
                .keep(sql, command.source(), command.sightingId(), command.stranger(), faces);
    }

    /** How long a stranger is kept by the setting; empty if none is. */
    Optional<Duration> keep() {
        return config.keep();
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    /** Removes those whose time is up, and adds vectors under versions that were not there when they were kept. */
    void upkeep(DataSource dataSource) throws SQLException {
        Sql.on(dataSource, sql -> sql.first("select facestream.expire_strangers(?)", row -> row.getLong(1), AT_A_TIME));
        List<String> versions = Sql.on(
                dataSource,
                sql -> sql.query(
                        "select version from facestream.model_version where " + ModelRegistry.LIVE,
                        row -> row.getString(1)));
        for (String version : versions) {
            complete(dataSource, version);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chip(UUID id, byte[] png) {}

    private void complete(DataSource dataSource, String version) throws SQLException {
        List<Chip> missing = Sql.on(
                dataSource,
                sql -> sql.query(
                        "select id, chip from facestream.stranger_chips_without_vector(?, ?)",
                        row -> new Chip(row.getObject(1, UUID.class), row.getBytes(2)),
                        version,
                        EMBEDDED_AT_A_TIME));
        List<UUID> ids = new ArrayList<>();
        List<String> embeddings = new ArrayList<>();
        List<Float> norms = new ArrayList<>();
        for (Chip chip : missing) {
            Optional<Embedding> embedding = chips.embed(chip.png)
                    .map(embedded -> embedded.embeddings().byVersion().get(version));
            embedding.ifPresent(vector -> {
                ids.add(chip.id);
                embeddings.add(VectorText.of(vector));
                norms.add(vector.norm());
            });
        }
        if (!ids.isEmpty()) {
            Sql.on(
                    dataSource,
                    sql -> sql.query(
                            "select facestream.add_stranger_vectors(?, ?, ?, ?)",
                            row -> true,
                            version,
                            Sql.array("uuid", ids.toArray()),
                            Sql.array("text", embeddings.toArray()),
                            Sql.array("real", norms.toArray())));
        }
    }
}
