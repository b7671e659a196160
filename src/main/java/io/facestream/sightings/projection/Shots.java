package io.facestream.sightings.projection;

import io.facestream.database.Refusal;
import io.facestream.faces.ChipPlace;
import io.facestream.faces.ChipTopic;
import io.facestream.faces.LazyChips;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RateLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Fetches the best shots of visits from {@code detected-faces}, on a thread of its own: rows are written whether or not
 * chips can be read. What is still to be fetched is noted in the rows, so that a restart forgets nothing.
 */
final class Shots {
    private static final Logger LOG = Logger.getLogger(Shots.class);
    private static final RateLimit FAILED = new RateLimit(Duration.ofMinutes(1));
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** For the chips of a round: a transaction is open meanwhile. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ShotTable table;
    private final CountDownLatch stopping;
    private final Counter kept;
    private final Counter gone;
    private final Counter unreadable;
    private final LazyChips chips;

    /** @param stopping ends {@link #run} */
    Shots(
            KafkaConnection connection,
            DataSource database,
            ShotRules rules,
            CountDownLatch stopping,
            MeterRegistry metrics) {
        this.chips = new LazyChips(() -> new ChipTopic(connection, "facestream-sightings-shots"));
        this.table = new ShotTable(database, rules);
        this.stopping = stopping;
        this.kept = counter(metrics, "kept");
        this.gone = counter(metrics, "gone");
        this.unreadable = counter(metrics, "unreadable");
    }

    private static Counter counter(MeterRegistry metrics, String result) {
        return Counter.builder("facestream.projection.shots")
                .description("Best shots of visits: kept in the database, gone from their topic, or unreadable")
                .tag("result", result)
                .register(metrics);
    }

    /** Until the process ends. */
    void run() {
        Backoff pauses = new Backoff(INTERVAL, LONGEST_PAUSE);
        Duration pause = Duration.ZERO;
        try {
            while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    // Many are wanted after an outage.
                    pause = fetch() < ShotTable.MOST_WANTED ? INTERVAL : Duration.ZERO;
                    pauses.reset();
                } catch (SQLException | RuntimeException e) {
                    chips.close();
                    pause = pauses.take();
                    if (FAILED.permits()) {
                        LOG.warnf("best shots cannot be fetched, and are tried again: %s", Refusal.oneLine(e));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            chips.close();
        }
    }

    /** One round; the number of shots that were looked up. */
    int fetch() throws SQLException {
        ShotTable.Round round = table.fill(this::read);
        kept.increment(round.kept());
        gone.increment(round.gone());
        unreadable.increment(round.unreadable());
        return round.looked();
    }

    private Map<WantedShot, ChipTopic.Found> read(List<WantedShot> wanted) {
        Map<ChipPlace, ChipTopic.Found> found =
                chips.read(wanted.stream().map(WantedShot::place).distinct().toList(), PATIENCE);
        return wanted.stream()
                .filter(shot -> found.containsKey(shot.place()))
                .collect(Collectors.toMap(shot -> shot, shot -> found.get(shot.place())));
    }
}
