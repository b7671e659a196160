package io.facestream.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** The model versions in PostgreSQL, which holds the truth about them and their weights. */
public class ModelRegistry {
    /**
     * Key of the advisory lock that orders enrolments (shared) and changes of the set of live versions (exclusive): row
     * locks would not see a version that is inserted meanwhile.
     */
    public static final long VERSIONS_LOCK = 0x666163657374726dL;

    /** The condition that a version is live: every sample needs an embedding under it. */
    public static final String LIVE = "status in ('candidate', 'active', 'standby')";

    private static final String COLUMNS =
            "version, architecture, dimensions, input_side, mirror_averaging, status, threshold,"
                    + " separation, calibration, encode(sha256, 'hex') as sha256";

    /** As the table's constraint has it. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    private final DataSource dataSource;

    public ModelRegistry(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @throws IllegalStateException if there is none, because the database has not been migrated to its first version */
    public ModelVersion active() throws SQLException {
        return query("select " + COLUMNS + " from facestream.model_version where status = 'active'").stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no model version is active: run `facestream migrate`"));
    }

    /** The versions that every sample needs an embedding under: candidate, active and standby. */
    public List<ModelVersion> live() throws SQLException {
        return query("select " + COLUMNS + " from facestream.model_version" + " where " + LIVE
                + " order by created_at, version");
    }

    /** Whether a version may have that name: 1 to 63 of the characters a-z, 0-9, '.' and '-', and neither '.' nor '-' first. */
    public static boolean isName(String version) {
        return NAME.matcher(version).matches();
    }

    /** The version of that name; a text that cannot be a name, such as one that PostgreSQL cannot hold, has none. */
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
     * The version of that name, live or retired, whose templates can still be searched: embeddings that it made may be on their
     * way when it is no longer the active one.
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

    /** The version that a training command has published. */
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
                instant(row, "created_at"),
                instant(row, "activated_at"),
                instant(row, "retired_at"),
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

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** How many of those whom a version, or one that it comes from, was trained on were erased since. */
    public long erasedSince(ModelVersion version) throws SQLException {
        return Sql.on(dataSource, sql -> erasedSince(sql, version.version()));
    }

    static long erasedSince(Sql sql, String version) throws SQLException {
        return sql.first("select facestream.erased_of_version(?)", row -> row.getLong(1), version)
                .orElseThrow();
    }

    /** Replaces what is known of a version. */
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
     * @throws IllegalStateException if there are none, or their checksum is not the version's
     */
    public byte[] weights(ModelVersion version) throws SQLException {
        return weights(version, "select weights from facestream.model_weights where version = ?");
    }

    /** The same for somebody who takes them elsewhere: the audit trail tells of it. */
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
     * Gives the version of the same name and weights the calibration of this one.
     *
     * @return whether that changed it: the gallery is then to be measured again
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
