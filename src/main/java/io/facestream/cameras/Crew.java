package io.facestream.cameras;

import io.facestream.cameras.sending.FrameSender;
import io.facestream.cameras.sending.Lease;
import io.facestream.cameras.states.CameraReport;
import io.facestream.cameras.states.StateReports;
import io.facestream.messaging.KafkaConnection;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * The cameras of one partition, or of one host, which this process films with one transactional id. Used by the thread
 * that reads the definitions.
 *
 * <pre>
 *  waiting for the fence --> filming --> paused (the lease has ended, or it was fenced) --> waiting for the fence ...
 * </pre>
 */
final class Crew implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Crew.class);

    private final KafkaConnection connection;
    private final String transactionalId;
    private final Lease lease;
    private final Duration pauseAfterFence;
    private final CameraSettings settings;
    private final MeterRegistry registry;
    private final Fleet fleet;

    private final Map<String, CamerasTopic.Entry> wanted = new TreeMap<>();
    private final Map<String, Filming> filming = new HashMap<>();
    private FrameSender sender;
    private StateReports reports;
    private long fencedAt;

    /** @param pauseAfterFence how long a fenced crew that still has its cameras waits before it films again */
    Crew(
            KafkaConnection connection,
            String transactionalId,
            Lease lease,
            Duration pauseAfterFence,
            CameraSettings settings,
            MeterRegistry registry,
            Fleet fleet) {
        this.connection = connection;
        this.transactionalId = transactionalId;
        this.lease = lease;
        this.pauseAfterFence = pauseAfterFence;
        this.settings = settings;
        this.registry = registry;
        this.fleet = fleet;
    }

    /** A camera, what it is to do, and its thread; the latter is null for one that does not film. */
    private record Filming(CamerasTopic.Entry entry, CameraMetrics metrics, CameraWork work) {
        boolean isDisabled() {
            return entry.fault() == null && !entry.definition().enabled();
        }

        /** Whether it is to film, and only lacks a thread. */
        boolean waits() {
            return work == null && entry.fault() == null && entry.definition().enabled();
        }
    }

    /** Takes over a definition, or a camera's end. */
    void set(CamerasTopic.Entry entry) {
        if (!entry.isGone()) {
            wanted.put(entry.camera(), entry);
            return;
        }
        wanted.remove(entry.camera());
        if (reports != null) {
            reports.gone(entry.camera());
        }
    }

    /** A camera that somebody else is to film. */
    void leave(String camera) {
        wanted.remove(camera);
        if (reports != null) {
            reports.left(camera);
        }
    }

    /** Starts and stops cameras, so that those film that are wanted, and only while this process may. */
    void look() {
        if (sender != null && (!lease.holds() || sender.isFenced())) {
            if (sender.isFenced()) {
                fencedAt = System.nanoTime();
                fleet.fenced();
            } else {
                LOG.warnf(
                        "%s: the group has not answered for %d ms; its %d cameras stop",
                        transactionalId, lease.sinceRenewed().toMillis(), filming.size());
            }
            stop(Duration.ZERO);
        }
        if (sender == null && (wanted.isEmpty() || !mayBegin())) {
            return;
        }
        if (sender == null) {
            sender = new FrameSender(connection, transactionalId, lease);
            reports = new StateReports(sender, fleet.replica());
        }
        filming.entrySet().removeIf(each -> {
            if (each.getValue().entry().equals(wanted.get(each.getKey()))) {
                return false;
            }
            end(each.getValue());
            return true;
        });
        if (sender.isReady()) {
            wanted.forEach((camera, entry) -> filming.computeIfAbsent(camera, name -> begin(entry)));
            filming.replaceAll((camera, each) -> each.waits() ? film(each) : each);
        }
        if (wanted.isEmpty()) {
            stop(Duration.ZERO);
            return;
        }
        filming.values().forEach(this::look);
    }

    private void look(Filming each) {
        if (each.work() != null) {
            each.work().look();
        }
        CameraState state = each.metrics().state();
        reports.look(
                each.entry().camera(),
                each.isDisabled() ? CameraReport.State.DISABLED : state.reported(),
                state.fault(),
                each.metrics().lastFrame());
    }

    private boolean mayBegin() {
        boolean rested = fencedAt == 0 || System.nanoTime() - fencedAt > pauseAfterFence.toNanos();
        return rested && lease.holds();
    }

    private Filming begin(CamerasTopic.Entry entry) {
        CameraMetrics metrics = new CameraMetrics(registry, entry.camera());
        Filming filming = new Filming(entry, metrics, null);
        if (entry.fault() != null) {
            metrics.state(new CameraState.Failing(entry.fault()));
        } else if (filming.isDisabled()) {
            metrics.close();
        }
        return filming;
    }

    /** Starts its thread, as soon as there is room for it. */
    private Filming film(Filming each) {
        CamerasTopic.Entry entry = each.entry();
        CameraMetrics metrics = each.metrics();
        if (!fleet.admits()) {
            metrics.state(new CameraState.Failing("this process films facestream.cameras.most-cameras already"));
            return each;
        }
        return new Filming(
                entry, metrics, CameraWork.start(entry.camera(), entry.definition(), settings, sender, lease, metrics));
    }

    private void end(Filming filming) {
        if (filming.work() != null) {
            filming.work().stop();
            fleet.left();
        }
        filming.metrics().close();
    }

    /**
     * Stops every camera. When it returns, no frame is sent any more, except in a transaction that began before and
     * outlasts the time.
     */
    private void stop(Duration atMost) {
        if (!atMost.isZero()) {
            filming.forEach(
                    (camera, each) -> reports.stopped(camera, each.metrics().lastFrame()));
        }
        sender.close();
        filming.values().forEach(this::end);
        if (!atMost.isZero()) {
            long deadline = System.nanoTime() + atMost.toNanos();
            filming.values().stream().filter(each -> each.work() != null).forEach(each -> each.work()
                    .awaitEnd(Duration.ofNanos(deadline - System.nanoTime())));
            if (!sender.awaitEnd(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())))) {
                LOG.warnf("%s: a transaction is still under way; its successor ends it", transactionalId);
            }
        }
        filming.clear();
        sender = null;
        reports = null;
    }

    /** Hands its cameras over: they have stopped when this returns. */
    void close(Duration atMost) {
        wanted.clear();
        if (sender != null) {
            stop(atMost);
        }
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
