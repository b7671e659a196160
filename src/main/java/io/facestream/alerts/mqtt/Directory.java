package io.facestream.alerts.mqtt;

import io.facestream.database.Refusal;
import io.facestream.database.Sql;
import io.facestream.messaging.RateLimit;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Who there is, by the database: names of today, who was erased, and where people were seen last. Read once day by day,
 * the latest first, and from then on by identity. A thread of its own, since the database may be away.
 */
final class Directory implements Runnable {
    private static final Logger LOG = Logger.getLogger(Directory.class);
    private static final RateLimit FAILED = new RateLimit(Duration.ofMinutes(1));

    /** How late a name that changed, or somebody who was erased, is noticed. */
    static final Duration INTERVAL = Duration.ofSeconds(15);

    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Identities of one statement. */
    private static final int MOST_ASKED = 20_000;

    private static final String PEOPLE_OF_A_DAY =
            """
            select distinct on (identity_id) identity_id, name, camera, last_seen from facestream.sighting_log
            where day = ? and kind = 'person' order by identity_id, last_seen desc""";

    private static final String CAMERAS_OF_A_DAY =
            "select camera, max(last_seen) from facestream.sighting_log where day = ? group by camera";

    /** Whoever turned out to be somebody else is gone. */
    private static final String NAMES = "select id, name from facestream.person where id = any (?) and id = current_id";

    private static final String LAST_SEEN =
            """
            select camera, last_seen from facestream.sighting_log
            where identity_id = ? order by last_seen desc limit 1""";

    private final DataSource database;
    private final Duration interval;
    private final Duration keep;
    private final int mostPeople;
    private final int mostCameras;
    private final Map<UUID, Person> people = new HashMap<>();
    private final Map<String, Instant> cameras = new HashMap<>();
    /** Who was asked about, whoever was seen longest ago first. */
    private final Set<UUID> asked = new LinkedHashSet<>();

    private final Set<UUID> corrected = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<Boolean> nudges = new LinkedBlockingQueue<>(1);
    private volatile boolean running = true;
    private volatile Snapshot snapshot = Snapshot.NOTHING;

    /**
     * A person.
     *
     * @param lastSeen by the capture time of the latest face; null if there is no visit
     */
    record Person(UUID identity, String name, Instant lastSeen, String lastCamera) {}

    /**
     * What was read.
     *
     * @param at before it was read; {@link Instant#MIN} until everything was read once
     * @param gone those asked about who do not exist
     */
    record Snapshot(Instant at, Map<UUID, Person> people, Map<String, Instant> cameras, Set<UUID> gone) {
        static final Snapshot NOTHING = new Snapshot(Instant.MIN, Map.of(), Map.of(), Set.of());

        boolean isComplete() {
            return !at.equals(Instant.MIN);
        }
    }

    /** @param interval between two looks at names */
    Directory(DataSource database, Duration interval, Duration keep, int mostPeople, int mostCameras) {
        this.database = database;
        this.interval = interval;
        this.keep = keep;
        this.mostPeople = mostPeople;
        this.mostCameras = mostCameras;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** Somebody was seen, who may be a stranger as yet: who is that? Those seen longest ago make room. */
    void ask(UUID identity) {
        if (snapshot.people().containsKey(identity)) {
            return; // read at each interval anyway
        }
        synchronized (asked) {
            boolean wasAsked = asked.remove(identity);
            asked.add(identity);
            if (!wasAsked) {
                makeRoom();
                nudges.offer(true);
            }
        }
    }

    private void makeRoom() {
        Iterator<UUID> oldest = asked.iterator();
        for (int tooMany = asked.size() - MOST_ASKED; tooMany > 0; tooMany--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** A visit turned out to be of somebody else: when was this one seen last, then? */
    void correct(UUID identity) {
        if (corrected.size() < MOST_ASKED) {
            corrected.add(identity);
        }
    }

    void stop() {
        running = false;
        nudges.offer(true);
    }

    @Override
    public void run() {
        while (running) {
            Duration pause = interval;
            try {
                read();
            } catch (SQLException | RuntimeException e) {
                // A closed pool throws a RuntimeException. Without this thread, erased people would stay on the broker.
                pause = PAUSE;
                if (running && FAILED.permits()) {
                    LOG.warnf("names and last visits cannot be read, and are tried again: %s", Refusal.oneLine(e));
                }
            }
            try {
                nudges.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Reads what is new. */
    void read() throws SQLException {
        Instant now = Instant.now();
        if (!snapshot.isComplete()) {
            people.clear();
            cameras.clear();
            Sql.on(database, sql -> {
                readDays(sql, LocalDate.ofInstant(now, ZoneOffset.UTC));
                return null;
            });
        }
        Set<UUID> ids = new HashSet<>(people.keySet());
        synchronized (asked) {
            ids.addAll(asked);
        }
        Set<UUID> again = new HashSet<>(corrected);
        Map<UUID, String> names = new HashMap<>();
        Sql.on(database, sql -> {
            sql.each(
                    0,
                    NAMES,
                    row -> names.put(row.getObject(1, UUID.class), row.getString(2)),
                    Sql.array("uuid", ids.toArray()));
            for (UUID identity : again) {
                people.remove(identity);
                sql.first(
                                LAST_SEEN,
                                row -> new Person(
                                        identity, null, row.getTimestamp(2).toInstant(), row.getString(1)),
                                identity)
                        .ifPresent(person -> people.put(identity, person));
            }
            return null;
        });
        corrected.removeAll(again);
        Instant oldest = now.minus(keep);
        people.values()
                .removeIf(person -> !names.containsKey(person.identity())
                        || (person.lastSeen() != null && person.lastSeen().isBefore(oldest)));
        names.forEach((identity, name) -> people.merge(
                identity,
                new Person(identity, name, null, null),
                (known, named) -> new Person(identity, name, known.lastSeen(), known.lastCamera())));
        cameras.values().removeIf(seen -> seen.isBefore(oldest));
        Set<UUID> gone = new HashSet<>(ids);
        gone.removeAll(names.keySet());
        // People who were found are read with all others from now on; only those who are gone stay here.
        synchronized (asked) {
            asked.removeAll(names.keySet());
            asked.addAll(gone);
            makeRoom();
        }
        snapshot = new Snapshot(now, Map.copyOf(people), Map.copyOf(cameras), Set.copyOf(gone));
    }

    private void readDays(Sql sql, LocalDate today) throws SQLException {
        for (int day = 0; day <= keep.toDays() && running; day++) {
            if (people.size() >= mostPeople && cameras.size() >= mostCameras) {
                return;
            }
            LocalDate date = today.minusDays(day);
            sql.each(
                    0,
                    PEOPLE_OF_A_DAY,
                    row -> {
                        UUID identity = row.getObject(1, UUID.class);
                        people.putIfAbsent(
                                identity,
                                new Person(
                                        identity,
                                        row.getString(2),
                                        row.getTimestamp(4).toInstant(),
                                        row.getString(3)));
                    },
                    date);
            sql.each(
                    0,
                    CAMERAS_OF_A_DAY,
                    row -> cameras.putIfAbsent(
                            row.getString(1), row.getTimestamp(2).toInstant()),
                    date);
        }
    }
}
