package io.facestream.gallery;

import io.facestream.database.Sql;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.RetiredVersions;
import io.facestream.models.ShippedModel;
import io.facestream.models.VersionChanges;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.output.MigrateOutput;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Migrates a database to this build's schema, and checks whether it is migrated. */
public final class GallerySchema {
    /** The schema of all of FaceStream's objects. */
    public static final String NAME = "facestream";

    /** The SQLSTATE with which its functions refuse what is not possible; the detail is the reason's code. */
    public static final String REFUSED = "FS001";

    /**
     * A strong reference, because a log level is lost with its logger. Migrations run before the service configures its
     * logging.
     */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private GallerySchema() {}

    /**
     * The result of a run.
     *
     * @param migrations how many numbered migrations ran
     * @param renewed the files of functions and views that were applied, such as {@code search}
     * @param ofLaterBuild whether nothing ran, because a later build has migrated the database
     */
    public record Migrated(int migrations, List<String> renewed, boolean ofLaterBuild) {
        public Migrated {
            renewed = List.copyOf(renewed);
        }

        private boolean hasChanged() {
            return migrations > 0 || !renewed.isEmpty();
        }

        /** One line, printed by {@code migrate}. */
        public String summary() {
            if (ofLaterBuild) {
                return "A later build has migrated the database: nothing was changed.";
            }
            String ran = migrations + (migrations == 1 ? " migration ran" : " migrations ran");
            if (renewed.isEmpty()) {
                return migrations == 0 ? "The schema is up to date." : ran + ".";
            }
            String names = "unctions and views were renewed: " + String.join(", ", renewed) + ".";
            return migrations == 0 ? "F" + names : ran + ", and f" + names;
        }
    }

    /**
     * Runs missing migrations and changed files of functions and views, adds the shipped network to an empty registry,
     * and frees the space of retired versions.
     *
     * @throws IllegalStateException if a migration fails, saying which one and why. It is rolled back; earlier ones
     *     stay
     * @throws FlywayException if the database does not answer
     */
    public static Migrated migrate(DataSource dataSource) throws SQLException {
        byte[] weights = ShippedModel.weights();
        return migrate(dataSource, ShippedModel.version(weights), weights);
    }

    /** Like {@link #migrate(DataSource)}, with another network for an empty registry; it is the active one. */
    public static Migrated migrate(DataSource dataSource, ModelVersion first, byte[] weights) throws SQLException {
        Migrated migrated = runMigrations(dataSource);
        ModelRegistry registry = new ModelRegistry(dataSource);
        boolean calibrated = !new VersionChanges(dataSource).installFirst(first, weights) && registry.calibrate(first);
        if (migrated.hasChanged() || calibrated) {
            registry.measureGallery();
        }
        new RetiredVersions(dataSource).purgeExpired();
        return migrated;
    }

    /** People whose names look alike, a line for each group with what to do. */
    public static List<String> nameTwins(DataSource dataSource) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.query(
                        "select names, identities[1] from " + NAME + ".name_twins order by key", GallerySchema::alike));
    }

    private static String alike(ResultSet row) throws SQLException {
        String names = Arrays.stream((String[]) row.getArray(1).getArray())
                .map(name -> '"' + name + '"')
                .collect(Collectors.joining(", "));
        return "People whose names look alike: " + names + " (the first is " + row.getString(2)
                + "). If they are one, merge them: docs/enrolment.md, section Names.";
    }

    private static Migrated runMigrations(DataSource dataSource) {
        try {
            Flyway flyway = flyway(dataSource);
            // Migrating would replace the functions that the later build needs with this build's.
            if (Arrays.stream(flyway.info().applied()).anyMatch(GallerySchema::isOfLaterBuild)) {
                return new Migrated(0, List.of(), true);
            }
            Map<Boolean, List<MigrateOutput>> ran = flyway.migrate().migrations.stream()
                    .collect(Collectors.partitioningBy(migration -> migration.version.isEmpty()));
            return new Migrated(
                    ran.get(false).size(),
                    ran.get(true).stream()
                            .map(functions -> functions.description)
                            .toList(),
                    false);
        } catch (FlywayException e) {
            String line = FailedMigration.explain(NAME, e).orElseThrow(() -> e);
            IllegalStateException failure = new IllegalStateException(line);
            // Not as cause, because the line already includes its message.
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private static boolean isOfLaterBuild(MigrationInfo migration) {
        return migration.getState() == MigrationState.FUTURE_SUCCESS;
    }

    /**
     * Checks, without changes, that this build's migrations have run and its functions and views were applied. They may
     * have been replaced since: this build's replicas keep running while a later build takes over.
     *
     * @throws IllegalStateException if a migration is missing or has failed
     * @throws FlywayException if the database does not answer
     */
    static void requireMigrated(DataSource dataSource) {
        List<MigrationInfo> all = List.of(flyway(dataSource).info().all());
        List<MigrationInfo> missing = all.stream()
                .filter(migration -> migration.getState() == MigrationState.PENDING
                        || migration.getState().isFailed())
                .filter(migration ->
                        !migration.isRepeatable() || all.stream().noneMatch(other -> hasRun(other, migration)))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        List<MigrationInfo> numbered =
                missing.stream().filter(migration -> !migration.isRepeatable()).toList();
        throw new IllegalStateException(
                numbered.isEmpty()
                        ? "the database lacks this build's functions and views ("
                                + missing.stream()
                                        .map(MigrationInfo::getDescription)
                                        .distinct()
                                        .collect(Collectors.joining(", "))
                                + "): run `facestream migrate`"
                        : "the database lacks " + numbered.size() + " migrations of this build, from "
                                + FailedMigration.name(numbered.get(0)) + " on: run `facestream migrate`");
    }

    private static boolean hasRun(MigrationInfo applied, MigrationInfo functions) {
        return applied.getScript().equals(functions.getScript())
                && applied.getState().isApplied()
                && !applied.getState().isFailed()
                && Objects.equals(applied.getAppliedChecksum(), functions.getResolvedChecksum());
    }

    private static Flyway flyway(DataSource dataSource) {
        FLYWAY.setLevel(Level.WARNING);
        return Flyway.configure()
                .dataSource(dataSource)
                .schemas(NAME)
                .initSql("set search_path = " + NAME + ", public")
                .locations("classpath:db/migration")
                // two concurrent runs: the second waits for the first, however long that takes
                .lockRetryCount(-1)
                // ignore a later build's migrations; Flyway does so by default only for numbered ones
                .ignoreMigrationPatterns("*:future", "repeatable:missing")
                .load();
    }

    /** What a function said when it refused something, the reason's code as detail; empty for any other failure. */
    public static Optional<ServerErrorMessage> refusal(SQLException failure) {
        return REFUSED.equals(failure.getSQLState()) && failure instanceof PSQLException refused
                ? Optional.ofNullable(refused.getServerErrorMessage())
                : Optional.empty();
    }
}
