package io.facestream.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** The model versions in PostgreSQL, which holds the truth about them and their weights. */
public final class ModelRegistry {
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

    /** The version of that name; a text that cannot be a name, such as one that PostgreSQL cannot hold, has none. */
    public Optional<ModelVersion> find(String version) throws SQLException {
        if (!NAME.matcher(version).matches()) {
            return Optional.empty();
        }
        return query("select " + COLUMNS + " from facestream.model_version where version = ?", version).stream()
                .findFirst();
    }

    /**
     * The zipped SavedModel of a version.
     *
     * @throws IllegalStateException if there are none, or their checksum is not the version's
     */
    public byte[] weights(ModelVersion version) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select weights from facestream.model_weights where version = ?")) {
            select.setString(1, version.version());
            try (ResultSet rows = select.executeQuery()) {
                byte[] weights = rows.next() ? rows.getBytes(1) : null;
                if (weights == null || !Sha256.hex(weights).equals(version.sha256())) {
                    throw new IllegalStateException("the weights of " + version.version() + " are "
                            + (weights == null ? "missing" : "damaged: not the SHA-256 " + version.sha256()));
                }
                return weights;
            }
        }
    }

    /**
     * Puts a version into an empty registry, as the active one; where there is already one, nothing happens.
     *
     * @return whether it was put in
     */
    public boolean installFirst(ModelVersion version, byte[] weights) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                boolean installed = installFirst(connection, version, weights);
                connection.commit();
                return installed;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static boolean installFirst(Connection connection, ModelVersion version, byte[] weights)
            throws SQLException {
        run(connection, "select pg_advisory_xact_lock(" + VERSIONS_LOCK + ")");
        try (PreparedStatement count = connection.prepareStatement("select 1 from facestream.model_version limit 1");
                ResultSet rows = count.executeQuery()) {
            if (rows.next()) {
                return false;
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into facestream.model_version (version,"
                + " architecture, dimensions, input_side, mirror_averaging, status, threshold, separation, calibration, sha256)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)")) {
            insert.setString(1, version.version());
            insert.setString(2, version.architecture());
            insert.setInt(3, version.dimensions());
            insert.setInt(4, version.inputSide());
            insert.setBoolean(5, version.mirrorAveraging());
            insert.setString(6, version.status().name().toLowerCase(Locale.ROOT));
            insert.setFloat(7, version.threshold());
            insert.setFloat(8, version.separation());
            insert.setString(9, new String(Json.write(version.calibration()), UTF_8));
            insert.setBytes(10, HexFormat.of().parseHex(version.sha256()));
            insert.executeUpdate();
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into facestream.model_weights (version, weights) values (?, ?)")) {
            insert.setString(1, version.version());
            insert.setBytes(2, weights);
            insert.executeUpdate();
        }
        run(
                connection,
                "select facestream.create_model_partitions(?, " + version.dimensions() + ")",
                version.version());
        run(connection, "select facestream.attach_model_partitions(?)", version.version());
        return true;
    }

    private static void run(Connection connection, String sql, String... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            statement.execute();
        }
    }

    private static Calibration calibration(ResultSet row) throws SQLException {
        try {
            return Json.read(row.getString("calibration").getBytes(UTF_8), Calibration.class);
        } catch (RejectedException e) {
            throw new IllegalStateException(
                    "the calibration of " + row.getString("version") + " is broken: " + e.getMessage(), e);
        }
    }

    /**
     * Gives the version of the same name and weights the calibration of this one.
     *
     * @return whether that changed it: the gallery is then to be measured again
     */
    public boolean calibrate(ModelVersion version) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update facestream.model_version set calibration = ?::jsonb"
                                + " where version = ? and sha256 = ? and calibration is distinct from ?::jsonb")) {
            update.setString(1, new String(Json.write(version.calibration()), UTF_8));
            update.setString(2, version.version());
            update.setBytes(3, HexFormat.of().parseHex(version.sha256()));
            update.setString(4, new String(Json.write(version.calibration()), UTF_8));
            return update.executeUpdate() > 0;
        }
    }

    /** Compares the gallery's own false matches with the calibration of every live version. */
    public void measureGallery() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            run(connection, "select facestream.measure_gallery(version) from facestream.model_version where " + LIVE);
        }
    }

    private List<ModelVersion> query(String sql, String... arguments) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setString(i + 1, arguments[i]);
            }
            try (ResultSet rows = select.executeQuery()) {
                List<ModelVersion> versions = new ArrayList<>();
                while (rows.next()) {
                    versions.add(new ModelVersion(
                            rows.getString("version"),
                            rows.getString("architecture"),
                            rows.getInt("dimensions"),
                            rows.getInt("input_side"),
                            rows.getBoolean("mirror_averaging"),
                            ModelVersion.Status.valueOf(rows.getString("status").toUpperCase(Locale.ROOT)),
                            rows.getFloat("threshold"),
                            rows.getFloat("separation"),
                            calibration(rows),
                            rows.getString("sha256")));
                }
                return versions;
            }
        }
    }
}
