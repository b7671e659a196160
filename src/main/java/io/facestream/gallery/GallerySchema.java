package io.facestream.gallery;

import io.facestream.models.ModelRegistry;
import io.facestream.models.ShippedModel;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to this build's schema. */
public final class GallerySchema {
    /** The schema that holds everything of FaceStream's. */
    public static final String NAME = "facestream";

    /** Migrations run before the service has set up its logging; held, since log levels go with their loggers. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private GallerySchema() {}

    /**
     * Runs the migrations that are missing, and puts the shipped network into an empty registry.
     *
     * @return how many migrations ran
     * @throws org.flywaydb.core.api.FlywayException if one fails; it is then undone
     */
    public static int migrate(DataSource dataSource) throws SQLException {
        FLYWAY.setLevel(Level.WARNING);
        int ran = Flyway.configure()
                .dataSource(dataSource)
                .schemas(NAME)
                .initSql("set search_path = " + NAME + ", public")
                .locations("classpath:db/migration")
                .load()
                .migrate()
                .migrationsExecuted;
        byte[] weights = ShippedModel.weights();
        new ModelRegistry(dataSource).installFirst(ShippedModel.version(weights), weights);
        return ran;
    }
}
