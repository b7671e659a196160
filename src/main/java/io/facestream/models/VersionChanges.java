package io.facestream.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import io.facestream.messaging.Sha256;
import io.facestream.models.ModelVersion.Status;
import io.facestream.networks.NetworkProbe;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The changes of a version's status. Each is one transaction under the exclusive {@link ModelRegistry#VERSIONS_LOCK}, which
 * enrolments hold shared: no photo can come into the gallery between counting what a version lacks and promoting it.
 *
 * <pre>
 *              promote                another is promoted
 *  CANDIDATE ----------> ACTIVE ------------------------> STANDBY
 *      |                    ^ <-----------------------------  |
 *      |                          promote, roll back          |
 *      +----------------> RETIRED <---------------------------+
 *           retire                          retire
 * </pre>
 */
public final class VersionChanges {
    private final DataSource dataSource;

    public VersionChanges(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What one transaction does. */
    private interface Change<T> {
        T in(Connection connection) throws SQLException;
    }

    private <T> T underLock(Change<T> change) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                run(connection, "select pg_advisory_xact_lock(" + ModelRegistry.VERSIONS_LOCK + ")");
                T result = change.in(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /**
     * Puts a version into an empty registry, as the active one; where there is already one, nothing happens.
     *
     * @return whether it was put in
     */
    public boolean installFirst(ModelVersion version, byte[] weights) throws SQLException {
        return underLock(connection -> {
            if (text(connection, "select version from facestream.model_version limit 1") != null) {
                return false;
            }
            insert(connection, version, ModelMetrics.NONE, null, null, weights);
            return true;
        });
    }

    /**
     * Puts a candidate in, with partitions of its own: from then on, enrolments embed under it too. Once a training command has
     * published a version, this changes nothing.
     *
     * @return the version that it is now
     * @throws IllegalArgumentException if there is no such parent, the network is none that can recognise faces, or has learnt from
     *     people who were erased since
     */
    public ModelVersion add(ModelCandidate candidate) throws SQLException {
        int dimensions =
                NetworkProbe.dimensions(candidate.architecture(), candidate.savedModel(), candidate.inputSide());
        return underLock(connection -> {
            String before = published(connection, candidate.trainingCommand());
            if (before != null) {
                return require(connection, before);
            }
            if (candidate.parent() != null) {
                require(connection, candidate.parent());
            }
            ModelVersion version = new ModelVersion(
                    freeName(connection, candidate.architecture()),
                    candidate.architecture(),
                    dimensions,
                    candidate.inputSide(),
                    candidate.mirrorAveraging(),
                    Status.CANDIDATE,
                    candidate.threshold(),
                    candidate.separation(),
                    candidate.calibration(),
                    Sha256.hex(candidate.savedModel()));
            insert(
                    connection,
                    version,
                    candidate.metrics(),
                    candidate.parent(),
                    candidate.trainingCommand(),
                    candidate.savedModel());
            long erased = erased(connection, version.version());
            if (erased > 0) {
                throw new IllegalArgumentException(
                        erased + " of the people that the network has learnt from were erased"
                                + " since: it is not kept; train again");
            }
            return version;
        });
    }

    private static String published(Connection connection, UUID trainingCommand) throws SQLException {
        return trainingCommand == null
                ? null
                : text(
                        connection,
                        "select version from facestream.model_version where training_command = ?",
                        trainingCommand);
    }

    private static String freeName(Connection connection, String architecture) throws SQLException {
        return text(
                connection,
                "select ? || '-' || 1 + coalesce(max(number::bigint), 0) from (select substring(version from"
                        + " '^' || replace(?, '.', '\\.') || '-([0-9]{1,9})$') as number"
                        + " from facestream.model_version) v",
                architecture,
                architecture);
    }

    private static void insert(
            Connection connection,
            ModelVersion version,
            ModelMetrics metrics,
            String parent,
            UUID trainingCommand,
            byte[] weights)
            throws SQLException {
        run(
                connection,
                "insert into facestream.model_version (version, architecture, dimensions, input_side, mirror_averaging,"
                        + " status, threshold, separation, calibration, metrics, sha256, parent, training_command, activated_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, case when ? then now() end)",
                version.version(),
                version.architecture(),
                version.dimensions(),
                version.inputSide(),
                version.mirrorAveraging(),
                version.status().name().toLowerCase(Locale.ROOT),
                version.threshold(),
                version.separation(),
                new String(Json.write(version.calibration()), UTF_8),
                new String(Json.write(metrics), UTF_8),
                HexFormat.of().parseHex(version.sha256()),
                parent,
                trainingCommand,
                version.status() == Status.ACTIVE);
        run(
                connection,
                "insert into facestream.model_weights (version, weights) values (?, ?)",
                version.version(),
                weights);
        run(connection, "select facestream.create_model_partitions(?, ?)", version.version(), version.dimensions());
        run(connection, "select facestream.attach_model_partitions(?)", version.version());
    }

    /**
     * Makes a candidate or a standby version the active one, if nothing of the gallery is missing under it; the one that was
     * active becomes standby. One that has learnt from somebody who was erased since is retired instead.
     *
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is retired
     */
    public Promotion promote(String version) throws SQLException {
        return underLock(connection -> activate(connection, require(connection, version), true));
    }

    /**
     * Makes the version active that was, when the active one was promoted. Rolling back again goes on from there.
     *
     * @throws IllegalStateException if there was none, or it is retired
     */
    public Promotion rollBack() throws SQLException {
        return underLock(connection -> rollBackTo(connection, predecessor(connection)));
    }

    /**
     * The same to where {@link #predecessor()} said before: asked twice, it is done once.
     *
     * @throws IllegalStateException if it is retired
     */
    public Promotion rollBackTo(String predecessor) throws SQLException {
        return underLock(connection -> rollBackTo(connection, predecessor));
    }

    /**
     * The version that rolling back leads to.
     *
     * @throws IllegalStateException if there is none
     */
    public String predecessor() throws SQLException {
        return underLock(VersionChanges::predecessor);
    }

    private static String predecessor(Connection connection) throws SQLException {
        String predecessor =
                text(connection, "select predecessor from facestream.model_version where status = 'active'");
        if (predecessor == null) {
            throw new IllegalStateException(
                    "the active model version was not promoted over another, so there is nothing to roll back to");
        }
        return predecessor;
    }

    private static Promotion rollBackTo(Connection connection, String predecessor) throws SQLException {
        run(connection, "select set_config('facestream.deed', 'roll-back', true)"); // for the audit trail
        return activate(connection, require(connection, predecessor), false);
    }

    private static Promotion activate(Connection connection, ModelVersion version, boolean forward)
            throws SQLException {
        switch (version.status()) {
            case ACTIVE -> {
                return new Promotion.WasActive(version);
            }
            case RETIRED ->
                throw new IllegalStateException("model version " + version.version()
                        + " is retired, and the gallery is no longer kept complete under it:"
                        + " promote a candidate or a standby version");
            case CANDIDATE, STANDBY -> {}
        }
        long erased = erased(connection, version.version());
        if (erased > 0) {
            retire(connection, version.version());
            return new Promotion.Erased(require(connection, version.version()), erased);
        }
        try (PreparedStatement missing =
                connection.prepareStatement("select samples, templates from facestream.missing_under(?)")) {
            missing.setString(1, version.version());
            try (ResultSet row = missing.executeQuery()) {
                row.next();
                if (row.getLong(1) > 0 || row.getLong(2) > 0) {
                    return new Promotion.Incomplete(version, row.getLong(1), row.getLong(2));
                }
            }
        }
        String replaced = text(
                connection,
                "update facestream.model_version set status = 'standby' where status = 'active' returning version");
        run(
                connection,
                "update facestream.model_version set status = 'active', activated_at = now(),"
                        + " predecessor = case when ? then ? else predecessor end where version = ?",
                forward,
                replaced,
                version.version());
        return new Promotion.Promoted(require(connection, version.version()), replaced);
    }

    /**
     * Ends a candidate's or a standby version's life: enrolments no longer embed under it. Its partitions stay for now, for
     * embeddings made by it may be on their way.
     *
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is the active one
     */
    public void retire(String version) throws SQLException {
        underLock(connection -> {
            if (require(connection, version).status() == Status.ACTIVE) {
                throw new IllegalStateException(
                        "model version " + version + " is active: promote another, or roll back, before it is retired");
            }
            retire(connection, version);
            return null;
        });
    }

    private static void retire(Connection connection, String version) throws SQLException {
        run(
                connection,
                "update facestream.model_version set status = 'retired', retired_at = now()"
                        + " where version = ? and status <> 'retired'",
                version);
    }

    /** How many of those whom a version, or one that it comes from, was trained on were erased since: under the lock, no more will be. */
    private static long erased(Connection connection, String version) throws SQLException {
        return Long.parseLong(text(connection, "select facestream.erased_of_version(?)", version));
    }

    private static ModelVersion require(Connection connection, String version) throws SQLException {
        return ModelRegistry.find(connection, version).orElseThrow(() -> ModelRegistry.noSuch(version));
    }

    private static void run(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, arguments)) {
            statement.execute();
        }
    }

    /** The first row's only column; null if there is none. */
    private static String text(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
