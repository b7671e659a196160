package io.facestream.alerts.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.alerts.rules.Person;
import io.facestream.alerts.rules.Rule;
import io.facestream.database.Sql;
import io.facestream.database.WrittenRows;
import io.facestream.database.WrittenRows.Refused;
import io.facestream.messaging.Json;
import io.facestream.models.ModelRegistry;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * From messages of visits to rows of the outbox. Any range of the topic may be written again: a row is one for its
 * visit, rule, target and subject, and messages change nothing that a later one of their visit has changed.
 */
public final class AlertStore {
    private static final String UNKNOWN = "unknown";

    /** Alerts about somebody whom the visit is not of, as has turned out. One that is on its way may still arrive. */
    private static final String CANCEL =
            """
            update facestream.alert_outbox set state = 'cancelled', done_at = now()
            where source = ? and sighting_id = ? and state = 'waiting' and subject <> ? and sequence < ?
            returning target""";

    /**
     * Nothing is stored if a later message has said something else, or if the target was told of the visit: unless it
     * was told another name, which this one corrects. A row that expired or was cancelled waits again. If the target was
     * told of this one, and then of somebody else, it is told again, in another row.
     */
    private static final String INSERT =
            """
            with visit as (
                select p.sequence, p.subject, p.kind, p.identity_id, p.state from facestream.alert_outbox p
                where p.source = ? and p.sighting_id = ? and p.rule = ? and p.target = ?),
            told as (select * from visit v where v.subject <> ?),
            again as (
                select from visit v
                where v.subject = ? and v.state = 'sent'
                    and exists (select from told t where t.state = 'sent' and t.sequence > v.sequence)
                    and not exists (select from visit w where w.subject = v.subject and w.sequence > v.sequence
                        and w.state not in ('expired', 'cancelled'))),
            named as (
                select t.identity_id from told t where t.state = 'sent' and t.kind <> 'unknown'
                order by t.sequence desc limit 1)
            insert into facestream.alert_outbox as o (id, rule, target, source, sighting_id, subject, sequence, change,
                camera, kind, identity_id, probability, reason, first_seen, last_seen, first_appended_at,
                last_appended_at, frames, best, cool_down, state, due_at, supersedes_id)
            select case when exists (select from again) then ?::uuid else ?::uuid end, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::uuid,
                ?::real, ?::text, ?, ?, ?, m.appended_at, ?, ?::jsonb,
                make_interval(secs => ?),
                case when now() - m.appended_at > make_interval(secs => ?) then 'expired' else 'waiting' end,
                now() + make_interval(secs => ?),
                (select n.identity_id from named n)
            from (select ?::timestamptz as appended_at) m
            where not exists (select from told t where t.sequence > ?)
                and (exists (select from named) or exists (select from again)
                    or not exists (select from told t where t.state = 'sent'))
            on conflict (id) do update set
                sequence = excluded.sequence, change = excluded.change, probability = excluded.probability,
                reason = excluded.reason, last_seen = excluded.last_seen, last_appended_at = excluded.last_appended_at,
                frames = excluded.frames, best = excluded.best, cool_down = excluded.cool_down, state = excluded.state,
                due_at = excluded.due_at, supersedes_id = excluded.supersedes_id, attempts = 0, failure = null,
                done_at = null
            where o.state in ('expired', 'cancelled') and excluded.state = 'waiting' and o.sequence < excluded.sequence
            returning o.state""";

    private static final String PEOPLE =
            """
            select p.id, p.current_id, p.name, p.ignored,
                array(select t.tag from facestream.person_tag t where t.identity_id = p.current_id) as tags,
                array(select facestream.rules_naming(p.current_id)) as rules
            from facestream.anybody p where p.id = any (?)""";

    private final DataSource database;
    private final AlertRules rules;
    private final StoredRules stored = new StoredRules();

    /**
     * The result of a batch.
     *
     * @param changes how many alerts of each target are in another state now
     * @param refused messages that the database will never take
     */
    public record Stored(Map<Change, Integer> changes, List<Refused<Sighting>> refused) {
        public Stored {
            changes = Map.copyOf(changes);
            refused = List.copyOf(refused);
        }
    }

    public AlertStore(DataSource database, AlertRules rules) {
        this.database = database;
        this.rules = rules;
    }

    /**
     * Stores what follows from messages, which are in order per visit. It is one transaction, unless the database will
     * never take one of them: then each has its own, and that one is left out.
     */
    public Stored store(List<Sighting> messages) throws SQLException {
        WrittenRows<Sighting, Map<Change, Integer>> written = WrittenRows.of(messages, this::storeAll);
        Map<Change, Integer> changes = new HashMap<>();
        written.results()
                .forEach(result -> result.forEach((change, alerts) -> changes.merge(change, alerts, Integer::sum)));
        return new Stored(changes, written.refused());
    }

    private Map<Change, Integer> storeAll(List<Sighting> messages) throws SQLException {
        Object[] people = messages.stream()
                .map(message -> message.subject().identityId())
                .filter(Objects::nonNull)
                .distinct()
                .toArray();
        return Sql.inTransaction(database, sql -> {
            // An erasure holds this lock alone. It locks a person and then the alerts, this the other way round.
            sql.execute("select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")");
            List<Rule> inForce = stored.with(sql, rules);
            Map<UUID, Person> known = known(sql, people);
            Map<Change, Integer> changes = new HashMap<>();
            for (Sighting message : messages) {
                store(sql, message, inForce, known, changes);
            }
            return changes;
        });
    }

    /** Those who are there, by the ids that are asked for. */
    private static Map<UUID, Person> known(Sql sql, Object[] people) throws SQLException {
        Map<UUID, Person> known = new HashMap<>();
        if (people.length > 0) {
            sql.each(
                    0,
                    PEOPLE,
                    row -> known.put(
                            row.getObject("id", UUID.class),
                            new Person(
                                    row.getObject("current_id", UUID.class),
                                    row.getString("name"),
                                    Set.copyOf(Sql.strings(row, "tags")),
                                    row.getBoolean("ignored"),
                                    Set.copyOf(Sql.strings(row, "rules")))),
                    Sql.array("uuid", people));
        }
        return known;
    }

    private void store(
            Sql sql, Sighting message, List<Rule> inForce, Map<UUID, Person> known, Map<Change, Integer> changes)
            throws SQLException {
        Subject subject = message.subject();
        if (message.sequence() > 1) {
            for (String target : sql.query(
                    CANCEL,
                    row -> row.getString(1),
                    message.source(),
                    message.sightingId(),
                    key(subject),
                    message.sequence())) {
                changes.merge(new Change(target, "cancelled"), 1, Integer::sum);
            }
        }
        if (subject.identityId() != null && !known.containsKey(subject.identityId())) {
            return; // erased meanwhile
        }
        for (Rule rule : inForce) {
            if (rule.appliesTo(message, known.get(subject.identityId()))) {
                for (String target : rule.targets()) {
                    sql.first(INSERT, row -> row.getString(1), parameters(message, rule, target))
                            .ifPresent(state -> changes.merge(
                                    new Change(target, state.equals("expired") ? "late" : state), 1, Integer::sum));
                }
            }
        }
    }

    private static String key(Subject subject) {
        return subject.identityId() == null ? UNKNOWN : subject.identityId().toString();
    }

    private Object[] parameters(Sighting message, Rule rule, String target) {
        Subject subject = message.subject();
        Duration settle = subject.kind() == Subject.Kind.UNKNOWN ? rules.settle() : Duration.ZERO;
        return new Object[] {
            message.source(),
            message.sightingId(),
            rule.name(),
            target,
            key(subject),
            key(subject),
            id(message, rule, target, key(subject) + "#" + message.sequence()),
            id(message, rule, target, key(subject)),
            rule.name(),
            target,
            message.source(),
            message.sightingId(),
            key(subject),
            message.sequence(),
            message.change().code(),
            message.camera(),
            subject.kind().code(),
            subject.identityId(),
            subject.probability(),
            message.reason() == null ? null : message.reason().code(),
            message.firstSeen(),
            message.lastSeen(),
            message.firstAppendedAt(),
            message.frames(),
            new String(Json.write(message.best()), UTF_8),
            seconds(rule.coolDown()),
            seconds(rules.maxAge().get(target)),
            seconds(settle),
            message.lastAppendedAt(),
            message.sequence()
        };
    }

    private static UUID id(Sighting message, Rule rule, String target, String subject) {
        return AlertId.of(message.source(), message.sightingId(), rule.name(), target, subject);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
