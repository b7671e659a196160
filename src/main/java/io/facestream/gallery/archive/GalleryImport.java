package io.facestream.gallery.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.database.WrittenRows;
import io.facestream.faces.ChipPng;
import io.facestream.frames.Picture;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.Recognition;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.util.ServerErrorMessage;

/** Adds what an archive holds to the gallery: all of it in one transaction, or nothing. */
public final class GalleryImport {
    /** SQLSTATE of a unique key that is there. */
    private static final String TAKEN = "23505";

    private static final Duration LONGEST_STATEMENT = Duration.ofHours(1);

    private final DataSource dataSource;
    private final ComputeDevice device;
    private final ModelRegistry registry;

    /**
     * @param dataSource as the owner of the schema
     * @param device computes vectors that the archive does not have
     */
    public GalleryImport(DataSource dataSource, ComputeDevice device) {
        this.dataSource = dataSource;
        this.device = device;
        this.registry = new ModelRegistry(dataSource);
    }

    /**
     * @param people strangers among them
     * @param skipped people who were erased, and so were left out
     */
    public record Added(long people, long photos, long negatives, long skipped) {}

    /**
     * Reads the archive. Ids, names and times stay as they are.
     *
     * @param skipErased leaves out whoever was erased; else such an archive is refused
     * @throws ArchiveException if the archive is not as docs/gallery.md says, or somebody of it is in the gallery
     * @throws IOException if the file cannot be read
     */
    public Added read(Path from, boolean skipErased) throws SQLException, IOException {
        try (GalleryArchive archive = GalleryArchive.open(from)) {
            return Sql.<Added, IOException>inTransaction(dataSource, LONGEST_STATEMENT, sql -> {
                sql.execute("select facestream.begin_import()");
                return new Run(sql, archive, skipErased).all();
            });
        } catch (SQLException e) {
            Optional<ServerErrorMessage> refusal = GallerySchema.refusal(e);
            if (refusal.isPresent()) {
                throw new ArchiveException(refusal.get().getMessage(), e);
            }
            if (WrittenRows.isOfContent(e) || TAKEN.equals(e.getSQLState())) {
                throw new ArchiveException(
                        "somebody or something of the archive is in the gallery already, or the"
                                + " database cannot hold it: " + e.getSQLState(),
                        e);
            }
            throw e;
        }
    }

    private final class Run {
        private final Sql sql;
        private final GalleryArchive archive;
        private final boolean skipErased;
        private final Set<UUID> added = new HashSet<>();
        private final Set<UUID> erased = new HashSet<>();
        private final Map<ModelVersion, Recognition> networks = new HashMap<>();
        private long photos;
        private long negatives;

        Run(Sql sql, GalleryArchive archive, boolean skipErased) {
            this.sql = sql;
            this.archive = archive;
            this.skipErased = skipErased;
        }

        Added all() throws SQLException, IOException {
            try {
                archive.people(this::person);
                List<ModelVersion> live = registry.live();
                archive.photos((photo, picture) -> photo(photo, picture, live));
                archive.negatives((negative, picture) -> negative(negative, picture, live));
                sql.execute("select facestream.end_import(?)", Sql.array("uuid", added.toArray()));
                return new Added(added.size(), photos, negatives, erased.size());
            } finally {
                networks.values().forEach(Recognition::close);
            }
        }

        private void person(ArchivedPerson person) throws SQLException, ArchiveException {
            UUID target = person.mergedInto();
            if (target != null && erased.contains(target)) {
                erased.add(person.id());
                return;
            }
            if (target != null && !added.contains(target)) {
                throw new ArchiveException(person.id() + " was merged into somebody who does not come before");
            }
            boolean taken = sql.first(
                            "select facestream.import_person(?::jsonb)",
                            row -> row.getBoolean(1),
                            new String(Json.write(person), UTF_8))
                    .orElseThrow();
            if (taken) {
                added.add(person.id());
            } else if (skipErased) {
                erased.add(person.id());
            } else {
                throw new ArchiveException(
                        "rejected: erased: " + person.id() + " was erased; --skip-erased leaves such people out");
            }
        }

        private void photo(ArchivedPhoto photo, byte[] png, List<ModelVersion> live)
                throws SQLException, ArchiveException {
            if (erased.contains(photo.person())) {
                return;
            }
            String name = "photo " + photo.id();
            if (!added.contains(photo.person())) {
                throw new ArchiveException(name + " is of nobody in the archive");
            }
            sql.execute(
                    "select facestream.import_photo(?::jsonb, ?, ?::jsonb)",
                    new String(Json.write(photo), UTF_8),
                    png,
                    vectors(name, png, photo.vectors(), live));
            photos++;
        }

        private void negative(ArchivedNegative negative, byte[] png, List<ModelVersion> live)
                throws SQLException, ArchiveException {
            if (erased.contains(negative.person())) {
                return;
            }
            String name = "negative " + negative.id();
            if (!added.contains(negative.person())) {
                throw new ArchiveException(name + " is of nobody in the archive");
            }
            boolean taken = sql.first(
                            "select facestream.import_negative(?::jsonb, ?, ?::jsonb)",
                            row -> row.getBoolean(1),
                            new String(Json.write(negative), UTF_8),
                            png,
                            vectors(name, png, negative.vectors(), live))
                    .orElseThrow();
            if (taken) {
                negatives++;
            } else if (!skipErased) {
                throw new ArchiveException(
                        "rejected: erased: " + name + " was erased; --skip-erased leaves such faces out");
            }
        }

        /** Under every live version, as JSON. */
        private String vectors(String face, byte[] png, List<ArchivedVector> archived, List<ModelVersion> live)
                throws SQLException, ArchiveException {
            List<ArchivedVector> vectors = new ArrayList<>();
            try (Picture chip = ChipPng.decode(png)) {
                for (ModelVersion version : live) {
                    vectors.add(vector(face, archived, chip, version));
                }
            } catch (RejectedException e) {
                throw new ArchiveException(face + ": " + e.getMessage(), e);
            }
            return new String(Json.write(vectors), UTF_8);
        }

        /** The archive's, if it is of the same weights; else what the network says. */
        private ArchivedVector vector(String face, List<ArchivedVector> archived, Picture chip, ModelVersion version)
                throws SQLException, ArchiveException {
            if (version.sha256().equals(archive.header().versions().get(version.version()))) {
                for (ArchivedVector vector : archived) {
                    if (!version.version().equals(vector.version())) {
                        continue;
                    }
                    if (!vector.fits(version)) {
                        throw new ArchiveException(face + ": a vector under " + version.version() + " has "
                                + version.dimensions() + " values and length 1");
                    }
                    return vector;
                }
            }
            Recognition network = networks.get(version);
            if (network == null) {
                network = Recognition.load(registry, version, device);
                networks.put(version, network);
            }
            var embedding = network.embed(List.of(chip)).get(0);
            return new ArchivedVector(version.version(), embedding.norm(), embedding.vector());
        }
    }
}
