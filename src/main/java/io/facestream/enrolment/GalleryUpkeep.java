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
 * Periodic maintenance of the gallery, outside enrolments. Measures the gallery when it has changed by a tenth, and
 * drops fences that no photo can meet any more. The database knows what is due, so the next process does what a
 * previous one did not finish; of several replicas only one does the work.
 */
public final class GalleryUpkeep implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(GalleryUpkeep.class);

    /** Photos often arrive in groups, which need only one measurement. */
    private static final Duration BETWEEN_MEASUREMENTS = Duration.ofSeconds(10);

    private static final Duration BETWEEN_FENCES = Duration.ofHours(1);
    private static final Duration END = Duration.ofSeconds(5);

    private static final long UPKEEP_LOCK = 0x75706b656570L;

    /** Small galleries are due every few photos, large ones rarely. */
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

    /**
     * The gallery's revision at the last measurement of each version. The database has no row for versions with too few
     * people.
     */
    private final Map<String, Long> measured = new HashMap<>();

    /** @param photosKept how long the topic of photos keeps them; empty for ever */
    public GalleryUpkeep(DataSource dataSource, Callable<Optional<Duration>> photosKept) {
        this.dataSource = dataSource;
        this.photosKept = photosKept;
    }

    void start() {
        repeat("cannot measure the gallery", this::measure, BETWEEN_MEASUREMENTS);
        repeat("cannot drop expired fences", this::dropPastFences, BETWEEN_FENCES);
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
                        LOG.warnf("%s, will retry: %s", otherwise, Refusal.oneLine(e));
                    }
                },
                BETWEEN_MEASUREMENTS.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Measures the versions that are due, unless another replica is doing it. */
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

    /** Call while the database is still available. */
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
