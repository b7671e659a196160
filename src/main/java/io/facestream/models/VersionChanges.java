package io.facestream.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.messaging.Sha256;
import io.facestream.models.ModelVersion.Status;
import io.facestream.networks.NetworkProbe;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Changes of a version's status. Each is one transaction under the exclusive {@link ModelRegistry#VERSIONS_LOCK}, which
 * enrolments hold shared. No photo can therefore be enrolled between the check that a version is complete and its
 * promotion.
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

    private <T> T underLock(Sql.Work<T, RuntimeException> change) throws SQLException {
        return Sql.inTransaction(dataSource, sql -> {
            sql.execute("select pg_advisory_xact_lock(" + ModelRegistry.VERSIONS_LOCK + ")");
            return change.with(sql);
        });
    }

    /**
     * Adds the active version to an empty registry; does nothing if there is any version.
     *
     * @return whether it was added
     */
    public boolean installFirst(ModelVersion version, byte[] weights) throws SQLException {
        return underLock(sql -> {
            if (sql.first("select version from facestream.model_version limit 1", row -> true)
                    .isPresent()) {
                return false;
            }
            insert(sql, version, ModelMetrics.NONE, null, null, weights);
            return true;
        });
    }

    /**
     * Adds a candidate with its own partitions. From then on, enrolments embed under it too. Changes nothing if the
     * training command has already published a version.
     *
     * @return the new version, or the one already published
     * @throws IllegalArgumentException if the parent does not exist, the network cannot recognise faces, or it was
     *     trained on people who have been erased since
     */
    public ModelVersion add(ModelCandidate candidate) throws SQLException {
        int dimensions =
                NetworkProbe.dimensions(candidate.architecture(), candidate.savedModel(), candidate.inputSide());
        return underLock(sql -> {
            Optional<String> before = published(sql, candidate.trainingCommand());
            if (before.isPresent()) {
                return require(sql, before.get());
            }
            if (candidate.parent() != null) {
                require(sql, candidate.parent());
            }
            ModelVersion version = new ModelVersion(
                    freeName(sql, candidate.architecture()),
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
                    sql,
                    version,
                    candidate.metrics(),
                    candidate.parent(),
                    candidate.trainingCommand(),
                    candidate.savedModel());
            long erased = ModelRegistry.erasedSince(sql, version.version());
            if (erased > 0) {
                throw new IllegalArgumentException(erased + " of the people on whom the network was trained"
                        + " have been erased since: it is not kept; train again");
            }
            return version;
        });
    }

    private static Optional<String> published(Sql sql, UUID trainingCommand) throws SQLException {
        return trainingCommand == null
                ? Optional.empty()
                : sql.first(
                        "select version from facestream.model_version where training_command = ?",
                        row -> row.getString(1),
                        trainingCommand);
    }

    private static String freeName(Sql sql, String architecture) throws SQLException {
        return sql.first(
                        "select ? || '-' || 1 + coalesce(max(number::bigint), 0) from (select substring(version from"
                                + " '^' || replace(?, '.', '\\.') || '-([0-9]{1,9})$') as number"
                                + " from facestream.model_version) v",
                        row -> row.getString(1),
                        architecture,
                        architecture)
                .orElseThrow();
    }

    private static void insert(
            Sql sql, ModelVersion version, ModelMetrics metrics, String parent, UUID trainingCommand, byte[] weights)
            throws SQLException {
        sql.execute(
                "insert into facestream.model_version (version, architecture, dimensions, input_side, mirror_averaging,"
                        + " status, threshold, separation, calibration, metrics, sha256, parent, training_command,"
                        + " activated_at)"
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
        sql.execute(
                "insert into facestream.model_weights (version, weights) values (?, ?)", version.version(), weights);
        sql.execute("select facestream.create_model_partitions(?, ?)", version.version(), version.dimensions());
        sql.execute("select facestream.attach_model_partitions(?)", version.version());
    }

    /**
     * Makes a candidate or standby version the active one, if the gallery is complete under it. The formerly active
     * version becomes standby. A version trained on somebody who has been erased since is retired instead.
     *
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is retired
     */
    public Promotion promote(String version) throws SQLException {
        return underLock(sql -> activate(sql, require(sql, version), true));
    }

    /**
     * Reactivates the version that was active before the current one was promoted. Rolling back again continues from
     * there.
     *
     * @throws IllegalStateException if there was no such version, or it is retired
     */
    public Promotion rollBack() throws SQLException {
        return underLock(sql -> rollBackTo(sql, predecessor(sql)));
    }

    /**
     * Rolls back to a result of {@link #predecessor()}, so that repeating the request changes nothing.
     *
     * @throws IllegalStateException if it is retired
     */
    public Promotion rollBackTo(String predecessor) throws SQLException {
        return underLock(sql -> rollBackTo(sql, predecessor));
    }

    /**
     * The target of a rollback.
     *
     * @throws IllegalStateException if there is none
     */
    public String predecessor() throws SQLException {
        return underLock(VersionChanges::predecessor);
    }

    private static String predecessor(Sql sql) throws SQLException {
        return sql.first(
                        "select predecessor from facestream.model_version where status = 'active'",
                        row -> row.getString(1))
                .orElseThrow(() -> new IllegalStateException("the active model version was not promoted over another,"
                        + " so there is nothing to roll back to"));
    }

    private static Promotion rollBackTo(Sql sql, String predecessor) throws SQLException {
        sql.execute("select set_config('facestream.action', 'roll-back', true)"); // for the audit trail
        return activate(sql, require(sql, predecessor), false);
    }

    private static Promotion activate(Sql sql, ModelVersion version, boolean forward) throws SQLException {
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
        long erased = ModelRegistry.erasedSince(sql, version.version());
        if (erased > 0) {
            retire(sql, version.version());
            return new Promotion.Erased(require(sql, version.version()), erased);
        }
        Optional<Promotion> incomplete = sql.first(
                "select samples, templates from facestream.missing_under(?) where samples > 0 or templates > 0",
                row -> new Promotion.Incomplete(version, row.getLong(1), row.getLong(2)),
                version.version());
        if (incomplete.isPresent()) {
            return incomplete.get();
        }
        String replaced = sql.first(
                        "update facestream.model_version set status = 'standby' where status = 'active'"
                                + " returning version",
                        row -> row.getString(1))
                .orElse(null);
        sql.execute(
                "update facestream.model_version set status = 'active', activated_at = now(),"
                        + " predecessor = case when ? then ? else predecessor end where version = ?",
                forward,
                replaced,
                version.version());
        return new Promotion.Promoted(require(sql, version.version()), replaced);
    }

    /**
     * Retires a candidate or standby version, so that enrolments no longer embed under it. Its partitions stay for now,
     * because embeddings by it may still be in transit.
     *
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is the active one
     */
    public void retire(String version) throws SQLException {
        underLock(sql -> {
            if (require(sql, version).status() == Status.ACTIVE) {
                throw new IllegalStateException(
                        "model version " + version + " is active: promote another, or roll back, before it is retired");
            }
            retire(sql, version);
            return null;
        });
    }

    private static void retire(Sql sql, String version) throws SQLException {
        sql.execute(
                "update facestream.model_version set status = 'retired', retired_at = now()"
                        + " where version = ? and status <> 'retired'",
                version);
    }

    private static ModelVersion require(Sql sql, String version) throws SQLException {
        return ModelRegistry.find(sql, version).orElseThrow(() -> ModelRegistry.noSuch(version));
    }
}
