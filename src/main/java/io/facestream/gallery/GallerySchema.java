package io.facestream.gallery;

import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.RetiredVersions;
import io.facestream.models.ShippedModel;
import io.facestream.models.VersionChanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings a database to this build's schema, or tells that it is not there yet. */
public final class GallerySchema {
    /** The schema that holds everything of FaceStream's. */
    public static final String NAME = "facestream";

    /** Migrations run before the service has set up its logging; held, since log levels go with their loggers. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private GallerySchema() {}

    /**
     * Runs the migrations that are missing, puts the shipped network into an empty registry, and frees what retired versions
     * occupy.
     *
     * @return how many migrations ran
     * @throws IllegalStateException if one fails, saying which, and why; it is then undone, and those before it stay
     * @throws FlywayException if the database does not answer
     */
    public static int migrate(DataSource dataSource) throws SQLException {
        int ran = runMigrations(dataSource);
        byte[] weights = ShippedModel.weights();
        ModelVersion shipped = ShippedModel.version(weights);
        ModelRegistry registry = new ModelRegistry(dataSource);
        boolean calibrated =
                !new VersionChanges(dataSource).installFirst(shipped, weights) && registry.calibrate(shipped);
        if (ran > 0 || calibrated) {
            registry.measureGallery();
        }
        new RetiredVersions(dataSource).purgeExpired();
        return ran;
    }

    /** People whom a reader takes for one by their names: a line each, which says what to do. */
    public static List<String> nameTwins(DataSource dataSource) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select names, identities[1] from " + NAME + ".name_twins order by key");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                String names = Arrays.stream((String[]) rows.getArray(1).getArray())
                        .map(name -> '"' + name + '"')
                        .collect(Collectors.joining(", "));
                lines.add("People whose names look alike: " + names + " (the first is " + rows.getString(2)
                        + "). If they are one, merge them: docs/enrolment.md, section Names.");
            }
        }
        return lines;
    }

    private static int runMigrations(DataSource dataSource) {
        try {
            return flyway(dataSource).migrate().migrationsExecuted;
        } catch (FlywayException e) {
            String line = FailedMigration.explain(NAME, e).orElseThrow(() -> e);
            IllegalStateException failure = new IllegalStateException(line);
            // No cause: the line has said what it says.
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /**
     * Checks that the migrations of this build have run; changes nothing.
     *
     * @throws IllegalStateException if one is missing, or has failed
     * @throws FlywayException if the database does not answer
     */
    static void requireMigrated(DataSource dataSource) {
        List<MigrationInfo> missing = Arrays.stream(flyway(dataSource).info().all())
                .filter(migration -> migration.getState() == MigrationState.PENDING
                        || migration.getState().isFailed())
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("the database lacks " + missing.size() + " migrations of this build, from "
                    + FailedMigration.name(missing.get(0)) + " on: run `facestream migrate`");
        }
    }

    private static Flyway flyway(DataSource dataSource) {
        FLYWAY.setLevel(Level.WARNING);
        return Flyway.configure()
                .dataSource(dataSource)
                .schemas(NAME)
                .initSql("set search_path = " + NAME + ", public")
                .locations("classpath:db/migration")
                .load();
    }
}
