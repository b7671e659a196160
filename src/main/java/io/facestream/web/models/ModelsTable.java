package io.facestream.web.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** Reads versions and trainings from the database. */
@ApplicationScoped
class ModelsTable {
    private static final Logger LOG = Logger.getLogger(ModelsTable.class);
    private static final int MOST = 30;

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    ModelsTable(Instance<DataSource> database) {
        this.database = database;
    }

    private record Epochs(List<ModelMetrics.Epoch> epochs) {}

    /** The latest versions and trainings. */
    Versions read(UUID asked) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> new Versions(
                        sql.query(
                                "select version, status, architecture, parent, created_at, activated_at, metrics"
                                        + " from facestream.model_version where removed_at is null"
                                        + " order by created_at desc, version limit " + MOST,
                                ModelsTable::version),
                        sql.query(
                                "select * from facestream.training order by asked_at desc, id limit " + MOST,
                                ModelsTable::training),
                        asked));
    }

    private static ShownVersion version(ResultSet row) throws SQLException {
        return new ShownVersion(
                row.getString("version"),
                row.getString("status"),
                row.getString("architecture"),
                row.getString("parent"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "activated_at"),
                json(row.getString("metrics"), ModelMetrics.class, ModelMetrics.NONE)
                        .comparisons());
    }

    private static ShownTraining training(ResultSet row) throws SQLException {
        String epochs = row.getString("epochs");
        int wanted = row.getInt("wanted_epochs");
        return new ShownTraining(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                row.getString("state"),
                Sql.instant(row, "asked_at"),
                Sql.instant(row, "changed_at"),
                row.wasNull() ? null : wanted,
                epochs.startsWith("{")
                        ? json(epochs, Epochs.class, new Epochs(List.of())).epochs()
                        : List.of(),
                row.getString("outcome"),
                row.getString("version"),
                row.getString("message"));
    }

    private static <T> T json(String stored, Class<T> type, T otherwise) {
        try {
            return Json.read(stored.getBytes(UTF_8), type);
        } catch (RejectedException e) {
            LOG.debug("stored figures cannot be read", e);
            return otherwise;
        }
    }
}
