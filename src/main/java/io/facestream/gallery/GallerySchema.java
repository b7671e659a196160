package io.facestream.gallery;

import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.RetiredVersions;
import io.facestream.models.ShippedModel;
import io.facestream.models.VersionChanges;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

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
     * @throws org.flywaydb.core.api.FlywayException if one fails; it is then undone
     */
    public static int migrate(DataSource dataSource) throws SQLException {
        int ran = flyway(dataSource).migrate().migrationsExecuted;
        byte[] weights = ShippedModel.weights();
        ModelVersion shipped = ShippedModel.version(weights);
        ModelRegistry registry = new ModelRegistry(dataSource);
        boolean calibrated =
                !new VersionChanges(dataSource).installFirst(shipped, weights) && registry.calibrate(shipped);
        if (ran > 0 || calibrated) {
            registry.measureGallery();
        }
        new RetiredVersions(dataSource).removeThoseOfThePast();
        return ran;
    }

    /**
     * Checks that the migrations of this build have run; changes nothing.
     *
     * @throws IllegalStateException if one is missing
     * @throws org.flywaydb.core.api.FlywayException if the database does not answer
     */
    static void requireMigrated(DataSource dataSource) {
        int missing = flyway(dataSource).info().pending().length;
        if (missing > 0) {
            throw new IllegalStateException(
                    "the database lacks " + missing + " migrations of this build: run `facestream migrate`");
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
