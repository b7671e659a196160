package io.facestream.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** The model versions in PostgreSQL, which is authoritative for them and their weights. */
public class ModelRegistry {
    /**
     * Key of the advisory lock that enrolments hold shared and changes of the live versions hold exclusively. Row locks
     * would not cover a version that is inserted in the meantime.
     */
    public static final long VERSIONS_LOCK = 0x666163657374726dL;

    /** SQL condition for live versions, under which every sample needs an embedding. */
    public static final String LIVE = "status in ('candidate', 'active', 'standby')";

    private static final String COLUMNS =
            "version, architecture, dimensions, input_side, mirror_averaging, status, threshold,"
                    + " separation, calibration, encode(sha256, 'hex') as sha256";

    /** Equals the table's constraint. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    private final DataSource dataSource;

    public ModelRegistry(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @throws IllegalStateException if there is none because the database was never migrated */
    public ModelVersion active() throws SQLException {
        return query("select " + COLUMNS + " from facestream.model_version where status = 'active'").stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no model version is active: run `facestream migrate`"));
    }

    /** The versions under which every sample needs an embedding: candidate, active and standby. */
    public List<ModelVersion> live() throws SQLException {
        return query("select " + COLUMNS + " from facestream.model_version" + " where " + LIVE
                + " order by created_at, version");
    }

    /**
     * Whether a text is a valid version name: 1 to 63 of the characters a-z, 0-9, '.' and '-', not beginning with '.'
     * or '-'.
     */
    public static boolean isName(String version) {
        return NAME.matcher(version).matches();
    }

    /** The version of that name; empty for unknown names and for texts that are not valid names. */
    public Optional<ModelVersion> find(String version) throws SQLException {
        return Sql.on(dataSource, sql -> find(sql, version));
    }

    static Optional<ModelVersion> find(Sql sql, String version) throws SQLException {
        return NAME.matcher(version).matches()
                ? sql.first(
                        "select " + COLUMNS + " from facestream.model_version where version = ?",
                        ModelRegistry::version,
                        version)
                : Optional.empty();
    }

    /**
     * The version of that name, live or retired, if its templates can still be searched. Embeddings by a version may
     * still be in transit after it ceases to be active.
     */
    public Optional<ModelVersion> findSearchable(String version) throws SQLException {
        if (!NAME.matcher(version).matches()) {
            return Optional.empty();
        }
        return query(
                        "select " + COLUMNS + " from facestream.model_version where version = ? and removed_at is null",
                        version)
                .stream()
                .findFirst();
    }

    /** The version published by a training command. */
    public Optional<ModelVersion> ofTrainingCommand(UUID command) throws SQLException {
        return query("select " + COLUMNS + " from facestream.model_version where training_command = ?", command)
                .stream()
                .findFirst();
    }

    /** Everything about all versions, oldest first. */
    public List<ModelDetails> details() throws SQLException {
        return details(null);
    }

    /** @param only this version; null for all */
    private List<ModelDetails> details(String only) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.query(
                        "select " + COLUMNS
                                + ", parent, predecessor, training_command, created_at, activated_at, retired_at,"
                                + " removed_at is not null as removed, metrics,"
                                + " (select coalesce(max(length(w.weights)), 0) from facestream.model_weights w"
                                + " where w.version = v.version) as bytes, m.samples, m.templates"
                                + " from facestream.model_version v"
                                + " left join lateral facestream.missing_under(v.version) m on v." + LIVE
                                + " where ?::text is null or version = ? order by created_at, version",
                        ModelRegistry::detailed,
                        only,
                        only));
    }

    private static ModelDetails detailed(ResultSet row) throws SQLException {
        return new ModelDetails(
                version(row),
                row.getString("parent"),
                row.getString("predecessor"),
                row.getObject("training_command", UUID.class),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "activated_at"),
                Sql.instant(row, "retired_at"),
                row.getBoolean("removed"),
                row.getLong("bytes"),
                row.getLong("samples"),
                row.getLong("templates"),
                json(row, "metrics", ModelMetrics.class));
    }

    /**
     * Everything about a version.
     *
     * @throws IllegalArgumentException if there is no such version
     */
    public ModelDetails require(String version) throws SQLException {
        if (NAME.matcher(version).matches()) {
            List<ModelDetails> found = details(version);
            if (!found.isEmpty()) {
                return found.get(0);
            }
        }
        throw noSuch(version);
    }

    static IllegalArgumentException noSuch(String version) {
        return new IllegalArgumentException("there is no model version " + version + ": `models list` shows them");
    }

    /** How many of the people on whom a version or one of its ancestors was trained have been erased since. */
    public long erasedSince(ModelVersion version) throws SQLException {
        return Sql.on(dataSource, sql -> erasedSince(sql, version.version()));
    }

    static long erasedSince(Sql sql, String version) throws SQLException {
        return sql.first("select facestream.erased_of_version(?)", row -> row.getLong(1), version)
                .orElseThrow();
    }

    /** Replaces the metrics of a version. */
    public void recordMetrics(String version, ModelMetrics metrics) throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.execute(
                        "update facestream.model_version set metrics = ?::jsonb where version = ?",
                        new String(Json.write(metrics), UTF_8),
                        version));
    }

    /**
     * The zipped SavedModel of a version.
     *
     * @throws IllegalStateException if the weights are missing, or their checksum differs from the version's
     */
    public byte[] weights(ModelVersion version) throws SQLException {
        return weights(version, "select weights from facestream.model_weights where version = ?");
    }

    /** Like {@link #weights(ModelVersion)}, for export; recorded in the audit trail. */
    public byte[] export(ModelVersion version) throws SQLException {
        return weights(version, "select facestream.export_weights(?)");
    }

    private byte[] weights(ModelVersion version, String select) throws SQLException {
        byte[] weights = Sql.on(dataSource, sql -> sql.first(select, row -> row.getBytes(1), version.version()))
                .orElse(null);
        if (weights == null || !Sha256.hex(weights).equals(version.sha256())) {
            throw new IllegalStateException("the weights of " + version.version() + " are "
                    + (weights == null ? "missing" : "damaged: not the SHA-256 " + version.sha256()));
        }
        return weights;
    }

    private static <T> T json(ResultSet row, String column, Class<T> type) throws SQLException {
        try {
            return Json.read(row.getString(column).getBytes(UTF_8), type);
        } catch (RejectedException e) {
            throw new IllegalStateException(
                    "the " + column + " of " + row.getString("version") + " is broken: " + e.getMessage(), e);
        }
    }

    /**
     * Copies the calibration to the stored version with the same name and weights.
     *
     * @return whether the stored version changed; if so, measure the gallery again
     */
    public boolean calibrate(ModelVersion version) throws SQLException {
        String calibration = new String(Json.write(version.calibration()), UTF_8);
        int changed = Sql.on(
                dataSource,
                sql -> sql.execute(
                        "update facestream.model_version set calibration = ?::jsonb"
                                + " where version = ? and sha256 = ? and calibration is distinct from ?::jsonb",
                        calibration,
                        version.version(),
                        HexFormat.of().parseHex(version.sha256()),
                        calibration));
        return changed > 0;
    }

    /** Compares the gallery's own false matches with the calibration of every live version. */
    public void measureGallery() throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.execute(
                        "select facestream.measure_gallery(version) from facestream.model_version where " + LIVE));
    }

    /** Compares the gallery's own false matches with the calibration of a version. */
    public void measureGallery(String version) throws SQLException {
        Sql.on(dataSource, sql -> sql.execute("select facestream.measure_gallery(?)", version));
    }

    private List<ModelVersion> query(String select, Object... parameters) throws SQLException {
        return Sql.on(dataSource, sql -> sql.query(select, ModelRegistry::version, parameters));
    }

    private static ModelVersion version(ResultSet row) throws SQLException {
        return new ModelVersion(
                row.getString("version"),
                row.getString("architecture"),
                row.getInt("dimensions"),
                row.getInt("input_side"),
                row.getBoolean("mirror_averaging"),
                ModelVersion.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getFloat("threshold"),
                row.getFloat("separation"),
                json(row, "calibration", Calibration.class),
                row.getString("sha256"));
    }
}
