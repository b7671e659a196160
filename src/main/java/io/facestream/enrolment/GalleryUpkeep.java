package io.facestream.enrolment;

import io.facestream.database.Refusal;
import io.facestream.database.Sql;
import io.facestream.models.ModelRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * What the gallery needs now and then, and no enrolment waits for: it is measured anew when it has changed by a tenth, and fences that
 * no photo can come upon any more are taken away. It asks the database what is due, so that whatever a process did not get to is done by
 * the next; of several replicas one does it.
 */
public final class GalleryUpkeep implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(GalleryUpkeep.class);

    /** Many photos come at once, and one measurement is enough for them. */
    private static final Duration BETWEEN_MEASUREMENTS = Duration.ofSeconds(10);

    private static final Duration BETWEEN_FENCES = Duration.ofHours(1);
    private static final Duration END = Duration.ofSeconds(5);

    private static final long UPKEEP_LOCK = 0x75706b656570L;

    /** So that small galleries are measured each few photos, and large ones seldom. */
    private static final String DUE = "select v.version, r.revision from facestream.model_version v"
            + " left join facestream.gallery_measure m on m.model_version = v.version,"
            + " (select case when is_called then last_value else 0 end as revision from facestream.gallery_revision) r"
            + " where v." + ModelRegistry.LIVE + " and r.revision >= 10 + 1.1 * coalesce(m.revision, 40)"
            + " order by v.version";

    private final DataSource dataSource;
    private final Callable<Optional<Duration>> photosKept;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread daemon = new Thread(work, "gallery-upkeep");
        daemon.setDaemon(true);
        return daemon;
    });

    /** The gallery's revision when a version was measured last; of one with too few people no row says so. */
    private final Map<String, Long> measured = new HashMap<>();

    /** @param photosKept for how long the topic of photos keeps them; empty for ever */
    public GalleryUpkeep(DataSource dataSource, Callable<Optional<Duration>> photosKept) {
        this.dataSource = dataSource;
        this.photosKept = photosKept;
    }

    void start() {
        repeat("the gallery was not measured", this::measure, BETWEEN_MEASUREMENTS);
        repeat("past fences were not taken away", this::dropPastFences, BETWEEN_FENCES);
    }

    private interface Work {
        void run() throws Exception;
    }

    private void repeat(String otherwise, Work work, Duration pause) {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        LOG.warnf("%s, until the next time: %s", otherwise, Refusal.oneLine(e));
                    }
                },
                BETWEEN_MEASUREMENTS.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Measures what is due, unless another replica is at it. */
    void measure() throws SQLException {
        Sql.inTransaction(dataSource, sql -> {
            if (sql.first("select pg_try_advisory_xact_lock(" + UPKEEP_LOCK + ")", row -> row.getBoolean(1))
                    .orElseThrow()) {
                for (Due due : due(sql)) {
                    sql.execute("select facestream.measure_gallery(?)", due.version());
                    measured.put(due.version(), due.revision());
                }
            }
            return null;
        });
    }

    private record Due(String version, long revision) {}

    private List<Due> due(Sql sql) throws SQLException {
        return sql.query(DUE, row -> new Due(row.getString(1), row.getLong(2))).stream()
                .filter(due -> due.revision() != measured.getOrDefault(due.version(), -1L))
                .toList();
    }

    public void dropPastFences() throws Exception {
        Optional<Duration> kept = photosKept.call();
        if (kept.isEmpty()) {
            return;
        }
        double seconds = kept.get().toSeconds();
        Sql.on(dataSource, sql -> sql.execute("select facestream.drop_past_fences(make_interval(secs => ?))", seconds));
    }

    /** While the database is still there. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("the database is still measuring the gallery");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
