package io.facestream.alerts.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.alerts.target.Alert;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.sightings.message.BestShot;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The rows that wait for their targets. All times are of the database's clock, which all replicas share. The threads of
 * all targets take one connection in turn; while an alert is delivered, none is taken.
 */
public final class Outbox {
    /** A delivery ends before. Then the replica is dead or frozen, and another one delivers. */
    private static final Duration LEASE = AlertTarget.LONGEST_DELIVERY.plusSeconds(15);

    private static final int MOST_CHARACTERS = 500;

    private static final String FREE =
            "o.state = 'waiting' and o.target = ?" + " and (o.leased_until is null or o.leased_until < now())";

    /** Whoever else the visit is said to be of, who is told of at this moment: what comes after that waits for it. */
    private static final String NONE_UNDER_WAY =
            " and not exists (select" + ofVisit("o") + " and p.subject <> o.subject and p.leased_until > now())";

    private static final String EXPIRE =
            "update facestream.alert_outbox o set state = 'expired', done_at = now() where " + FREE
                    + " and now() - o.last_appended_at > make_interval(secs => ?)";

    /** An alert of another visit for the same subject, so shortly before that a cool-down is not over. */
    private static final String SHORTLY_BEFORE = "exists (select from facestream.alert_outbox p where p.rule = o.rule"
            + " and p.target = o.target and p.camera = o.camera and p.subject = o.subject"
            + " and (p.source, p.sighting_id) <> (o.source, o.sighting_id)"
            + " and p.last_appended_at > o.last_appended_at - o.cool_down"
            + " and (p.last_appended_at, p.id) < (o.last_appended_at, o.id) and p.state = ";

    /** Only what was sent counts: somebody who was unknown for a moment hides nobody. */
    private static final String COOL_DOWN =
            "update facestream.alert_outbox o set state = 'cooled-down', done_at = now()" + " where " + FREE
                    + " and o.due_at <= now() and o.attempts = 0 and " + SHORTLY_BEFORE + "'sent')";

    /** The target was told of somebody unknown. A name that comes later makes no second alert. */
    private static final String CANCEL =
            "update facestream.alert_outbox o set state = 'cancelled', done_at = now() where " + FREE
                    + " and o.due_at <= now() and o.attempts = 0 and exists (select" + told("o") + ")"
                    + " and not exists (select" + sent("o") + " and p.kind <> 'unknown')" + NONE_UNDER_WAY;

    private static final String DROP = "update facestream.alert_outbox set state = 'dropped', done_at = now()"
            + " where id in (select o.id from facestream.alert_outbox o where " + FREE
            + " order by o.last_appended_at desc, o.id offset ?)";

    /** Whoever may be cooled down by an alert that waits, waits until that is sent or given up. */
    private static final String CLAIM = "update facestream.alert_outbox c set lease = ?, attempts = c.attempts + 1,"
            + " leased_until = now() + make_interval(secs => ?),"
            + " supersedes_id = case when c.attempts > 0 then c.supersedes_id else coalesce((select p.identity_id"
            + told("c") + " and p.kind <> 'unknown' order by p.sequence desc limit 1), c.supersedes_id) end"
            + " from (select o.id from facestream.alert_outbox o where " + FREE + " and o.due_at <= now()"
            + " and (o.attempts > 0 or not " + SHORTLY_BEFORE + "'waiting'))" + NONE_UNDER_WAY
            + " order by o.due_at, o.id limit 1 for update of o skip locked) d where c.id = d.id"
            + " returning c.*, (select p.name from facestream.person p where p.id = c.identity_id) as name,"
            + " (select a.kind from facestream.anybody a where a.id = c.supersedes_id) as superseded_kind,"
            + " (select a.name from facestream.anybody a where a.id = c.supersedes_id) as superseded,"
            + " extract(epoch from now() - c.last_appended_at)::float8 as age";

    /** A row of another build, which would stand in the way of all the others. */
    private static final String UNREADABLE = "update facestream.alert_outbox set state = 'failed', done_at = now(),"
            + " failure = 'this build cannot read it', lease = null, leased_until = null where lease = ?";

    private final DataSource database;

    public Outbox(DataSource database) {
        this.database = database;
    }

    /** The rows of the same visit, rule and target as the row {@code of}. */
    private static String ofVisit(String of) {
        return String.format(
                " from facestream.alert_outbox p where p.source = %1$s.source and p.sighting_id = %1$s.sighting_id"
                        + " and p.rule = %1$s.rule and p.target = %1$s.target",
                of);
    }

    /** Those of them that were sent, of messages before that row's, perhaps after that was stored. */
    private static String sent(String of) {
        return ofVisit(of) + String.format(" and p.sequence < %s.sequence and p.state = 'sent'", of);
    }

    /** Those of them that are about somebody else. */
    private static String told(String of) {
        return sent(of) + String.format(" and p.subject <> %s.subject", of);
    }

    /**
     * How a target stands.
     *
     * @param waiting alerts
     * @param oldest how long the one that is due for longest has been due
     * @param left alerts that left the outbox just now without being delivered, by their state
     * @param claim the next one, if one is due
     */
    public record Look(long waiting, Duration oldest, Map<String, Integer> left, Optional<Claim> claim) {
        public Look {
            left = Map.copyOf(left);
        }
    }

    /** Takes out what is not to be delivered any more, and claims the next alert that is due. */
    public synchronized Look look(String target, Duration maxAge, int mostWaiting) throws SQLException {
        return Sql.inTransaction(database, sql -> {
            Map<String, Integer> left = new HashMap<>();
            Waiting waiting = waiting(sql, target);
            if (waiting.count == 0) {
                return new Look(0, Duration.ZERO, left, Optional.empty());
            }
            left.put("expired", sql.execute(EXPIRE, target, maxAge.toMillis() / 1e3));
            left.put("cancelled", sql.execute(CANCEL, target));
            left.put("cooled-down", sql.execute(COOL_DOWN, target));
            if (waiting.count > mostWaiting) {
                left.put("dropped", sql.execute(DROP, target, mostWaiting));
            }
            UUID lease = UUID.randomUUID();
            Optional<Claim> claim = sql.first(CLAIM, row -> claim(row, lease), lease, LEASE.toMillis() / 1e3, target);
            if (claim.isEmpty()) {
                left.put("failed", sql.execute(UNREADABLE, lease));
            }
            return new Look(waiting.count, waiting.oldest, left, claim);
        });
    }

    private record Waiting(long count, Duration oldest) {}

    private static Waiting waiting(Sql sql, String target) throws SQLException {
        return sql.first(
                        "select count(*), coalesce(extract(epoch from now() - min(due_at)), 0)::float8"
                                + " from facestream.alert_outbox where state = 'waiting' and target = ?",
                        row -> new Waiting(
                                row.getLong(1), Duration.ofMillis((long) Math.max(0, 1e3 * row.getDouble(2)))),
                        target)
                .orElseThrow();
    }

    /** The other side has it. */
    public synchronized void sent(Claim claim) throws SQLException {
        execute("state = 'sent', done_at = now(), failure = null", "", claim);
    }

    /** It is tried again after a pause, unless the visit turned out to be of somebody else meanwhile. */
    public synchronized void retry(Claim claim, Duration pause, String failure) throws SQLException {
        execute(
                "due_at = now() + make_interval(secs => ?), failure = ?",
                "",
                claim,
                pause.toMillis() / 1e3,
                shortened(failure));
    }

    /** It is never tried again: a dead letter. */
    public synchronized void fail(Claim claim, String failure) throws SQLException {
        execute("state = 'failed', done_at = now(), failure = ?", " and state = 'waiting'", claim, shortened(failure));
    }

    /** It was not tried: this process ends. */
    public synchronized void giveBack(Claim claim) throws SQLException {
        execute("attempts = greatest(0, attempts - 1)", "", claim);
    }

    /** Changes a row that is still this replica's. */
    private void execute(String changes, String condition, Claim claim, Object... parameters) throws SQLException {
        Object[] all = Arrays.copyOf(parameters, parameters.length + 2);
        all[parameters.length] = claim.id();
        all[parameters.length + 1] = claim.lease();
        Sql.on(
                database,
                sql -> sql.execute(
                        "update facestream.alert_outbox set lease = null, leased_until = null, " + changes
                                + " where id = ? and lease = ?" + condition,
                        all));
    }

    /** Removes alerts that are older than {@code keep}, some at a time, those of targets that are no more included. */
    public synchronized int remove(Duration keep, int atMost) throws SQLException {
        return Sql.on(
                database,
                sql -> sql.execute(
                        "delete from facestream.alert_outbox where id in (select id from facestream.alert_outbox"
                                + " where stored_at < now() - make_interval(secs => ?) limit ?)",
                        keep.toMillis() / 1e3,
                        atMost));
    }

    private static String shortened(String failure) {
        return failure.length() <= MOST_CHARACTERS ? failure : failure.substring(0, MOST_CHARACTERS);
    }

    /** Null if the row cannot be read. */
    private static Claim claim(ResultSet row, UUID lease) throws SQLException {
        try {
            return readable(row, lease);
        } catch (RejectedException | IllegalArgumentException | NullPointerException e) {
            return null;
        }
    }

    private static Claim readable(ResultSet row, UUID lease) throws SQLException, RejectedException {
        UUID id = row.getObject("id", UUID.class);
        String reason = row.getString("reason");
        Alert alert = new Alert(
                Alert.SCHEMA_VERSION,
                id.toString(),
                row.getString("rule"),
                row.getString("target"),
                row.getString("source"),
                row.getString("sighting_id"),
                row.getInt("sequence"),
                Sighting.Change.valueOf(constant(row.getString("change"))),
                row.getString("camera"),
                Sql.instant(row, "first_seen"),
                Sql.instant(row, "last_seen"),
                Sql.instant(row, "first_appended_at"),
                Sql.instant(row, "last_appended_at"),
                row.getLong("frames"),
                subject(row),
                reason == null ? null : Sighting.UnnamedReason.valueOf(constant(reason)),
                Json.read(row.getString("best").getBytes(UTF_8), BestShot.class));
        return new Claim(
                id,
                lease,
                alert,
                Duration.ofMillis((long) Math.max(0, 1e3 * row.getDouble("age"))),
                row.getInt("attempts"));
    }

    private static Subject subject(ResultSet row) throws SQLException {
        UUID former = row.getObject("supersedes_id", UUID.class);
        float probability = row.getFloat("probability");
        boolean likely = !row.wasNull();
        return new Subject(
                Subject.Kind.valueOf(constant(row.getString("kind"))),
                row.getObject("identity_id", UUID.class),
                row.getString("name"),
                likely ? Double.valueOf(Float.toString(probability)) : null,
                former == null
                        ? null
                        : new Subject.Former(
                                Subject.Kind.valueOf(constant(row.getString("superseded_kind"))),
                                former,
                                row.getString("superseded")));
    }

    private static String constant(String code) {
        return code.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
