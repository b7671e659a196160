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
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.output.MigrateOutput;

/** Brings a database to this build's schema, or tells that it is not there yet. */
public final class GallerySchema {
    /** The schema that holds everything of FaceStream's. */
    public static final String NAME = "facestream";

    /** Migrations run before the service has set up its logging; held, since log levels go with their loggers. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private GallerySchema() {}

    /**
     * What a run did.
     *
     * @param migrations how many numbered migrations ran
     * @param renewed the files of functions and views that were run, such as {@code search}
     * @param ofLaterBuild whether nothing ran, because a later build has migrated the database
     */
    public record Migrated(int migrations, List<String> renewed, boolean ofLaterBuild) {
        public Migrated {
            renewed = List.copyOf(renewed);
        }

        private boolean hasChanged() {
            return migrations > 0 || !renewed.isEmpty();
        }

        /** In one line, as {@code migrate} prints it. */
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
     * Runs the migrations that are missing, and those files of functions and views that have changed, puts the shipped network into an empty registry, and frees what retired versions
     * occupy.
     *
     * @throws IllegalStateException if one fails, saying which, and why; it is then undone, and those before it stay
     * @throws FlywayException if the database does not answer
     */
    public static Migrated migrate(DataSource dataSource) throws SQLException {
        Migrated migrated = runMigrations(dataSource);
        byte[] weights = ShippedModel.weights();
        ModelVersion shipped = ShippedModel.version(weights);
        ModelRegistry registry = new ModelRegistry(dataSource);
        boolean calibrated =
                !new VersionChanges(dataSource).installFirst(shipped, weights) && registry.calibrate(shipped);
        if (migrated.hasChanged() || calibrated) {
            registry.measureGallery();
        }
        new RetiredVersions(dataSource).purgeExpired();
        return migrated;
    }

    /** People whom a reader takes for one by their names: a line each, which says what to do. */
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
            // It would put this build's functions in the place of those that the later one needs.
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
            // No cause: the line has said what it says.
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private static boolean isOfLaterBuild(MigrationInfo migration) {
        return migration.getState() == MigrationState.FUTURE_SUCCESS;
    }

    /**
     * Checks that the migrations of this build have run, and its functions and views have been there; changes nothing. They may
     * have been renewed since: while a later build takes over, this one's replicas go on.
     *
     * @throws IllegalStateException if one is missing, or has failed
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
                // of two that migrate at once, the second waits for the first, however long that takes
                .lockRetryCount(-1)
                // a later build's, as Flyway has it for numbered ones by itself
                .ignoreMigrationPatterns("*:future", "repeatable:missing")
                .load();
    }
}
