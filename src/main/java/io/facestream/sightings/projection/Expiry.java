package io.facestream.sightings.projection;

import io.facestream.database.Refusal;
import io.facestream.database.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** Removes what is kept no longer: whole days, of the days that are left the visits of nobody known, and shots. */
final class Expiry {
    private static final Logger LOG = Logger.getLogger(Expiry.class);
    private static final Duration INTERVAL = Duration.ofHours(1);

    /** Visits that one call removes: a transaction of about a second. */
    private static final int AT_A_TIME = 10_000;

    private final DataSource database;
    private final Duration keep;
    private final Duration keepUnknown;
    private final ShotRules shots;
    private final CountDownLatch stopping;

    /** @param stopping ends {@link #run} */
    Expiry(DataSource database, Duration keep, Duration keepUnknown, ShotRules shots, CountDownLatch stopping) {
        this.database = database;
        this.keep = keep;
        this.keepUnknown = keepUnknown;
        this.shots = shots;
        this.stopping = stopping;
    }

    /** What was removed. */
    record Expired(int days, int visits, long shots) {
        boolean isAny() {
            return days > 0 || visits > 0 || shots > 0;
        }
    }

    /** Removes what is due, at once and then every hour, until the process ends. */
    void run() {
        try {
            do {
                try {
                    Expired expired = expire();
                    if (expired.isAny()) {
                        LOG.infof(
                                "removed %d day(s) of visits, %d visit(s) of nobody known and %d best shot(s)",
                                expired.days, expired.visits, expired.shots);
                    }
                } catch (SQLException e) {
                    LOG.warnf("old visits cannot be removed, and are tried again later: %s", Refusal.oneLine(e));
                }
            } while (!stopping.await(INTERVAL.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes everything that is due, some at a time. */
    Expired expire() throws SQLException {
        long past = expireShots();
        Expired all = new Expired(0, 0, past);
        Expired part;
        do {
            part = expireVisits();
            all = new Expired(all.days + part.days, all.visits + part.visits, past);
        } while (part.visits == AT_A_TIME && stopping.getCount() > 0);
        return all;
    }

    private long expireShots() throws SQLException {
        return Sql.on(
                        database,
                        sql -> sql.first(
                                "select facestream.expire_shots(make_interval(secs => ?), make_interval(secs => ?))",
                                row -> row.getLong(1),
                                (double) shots.people().toSeconds(),
                                (double) shots.others().toSeconds()))
                .orElseThrow();
    }

    private Expired expireVisits() throws SQLException {
        return Sql.on(
                        database,
                        sql -> sql.first(
                                "select days, visits from facestream.expire_sightings("
                                        + "make_interval(secs => ?), make_interval(secs => ?), ?)",
                                row -> new Expired(row.getInt(1), row.getInt(2), 0),
                                (double) keep.toSeconds(),
                                (double) keepUnknown.toSeconds(),
                                AT_A_TIME))
                .orElseThrow();
    }
}
