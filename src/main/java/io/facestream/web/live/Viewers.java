package io.facestream.web.live;

import io.facestream.database.Refusal;
import io.facestream.messaging.Json;
import io.facestream.messaging.RateLimit;
import io.facestream.web.cameras.Cameras;
import io.facestream.web.cameras.Filming;
import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.WebSession;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/** All sockets of this process. The first wakes the wall, and the last lets it rest. */
@ApplicationScoped
class Viewers {
    private static final Logger LOG = Logger.getLogger(Viewers.class);
    static final int MOST_OF_ONE_USER = 8;
    private static final int MOST = 256;
    private static final long TICK_MILLIS = 250;
    private static final int TICKS_OF_STATUS = 4;
    private static final int TICKS_OF_SESSION = 8;

    private final LiveTopic topics;
    private final LiveLooks looks;
    private final Cameras cameras;
    private final Vertx vertx;
    private final RateLimit warnings = new RateLimit(Duration.ofMinutes(1));
    private final Map<String, Viewer> all = new ConcurrentHashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "live-looks");
        thread.setDaemon(true);
        return thread;
    });
    private long timer;
    private long ticks;

    Viewers(LiveTopic topics, LiveLooks looks, Cameras cameras, Vertx vertx) {
        this.topics = topics;
        this.looks = looks;
        this.cameras = cameras;
        this.vertx = vertx;
    }

    /** @param id of the socket */
    synchronized void open(String id, WebSession session, Screen screen) {
        long ofUser = all.values().stream()
                .filter(each -> each.session().user().equals(session.user()))
                .count();
        if (ofUser >= MOST_OF_ONE_USER || all.size() >= MOST) {
            screen.close(SocketEnding.TOO_MANY);
            return;
        }
        Viewer viewer = new Viewer(session, screen, Clock.systemUTC(), this::ask);
        boolean isFirst = all.isEmpty();
        all.put(id, viewer);
        if (isFirst) {
            topics.watch(view -> all.values().forEach(each -> each.offer(view)));
            timer = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
            onWorker(this::expectCameras);
        } else {
            topics.wall().views().forEach(viewer::offer);
        }
        viewer.tell(status());
    }

    synchronized void close(String id) {
        if (all.remove(id) != null && all.isEmpty()) {
            vertx.cancelTimer(timer);
            topics.rest();
        }
    }

    void drawn(String id, long sequence) {
        Viewer viewer = all.get(id);
        if (viewer != null) {
            viewer.drawn(sequence);
        }
    }

    private void tick() {
        topics.wall().tick();
        ticks++;
        if (ticks % TICKS_OF_STATUS == 0) {
            String status = status();
            all.values().forEach(each -> each.tell(status));
        }
        if (ticks % TICKS_OF_SESSION == 0) {
            onWorker(() -> all.values().forEach(each -> look(each, Set.of())));
        }
    }

    private String status() {
        Map<String, CameraStatus> all = new TreeMap<>();
        Map<String, Filming> filmed = cameras.filmed();
        topics.wall().status().forEach(each -> all.put(each.camera(), each.with(filmed.remove(each.camera()))));
        filmed.entrySet().stream()
                .limit(Math.max(0, Wall.MOST_CAMERAS - all.size()))
                .forEach(each -> all.put(each.getKey(), unseen(each.getKey(), each.getValue())));
        return new String(Json.write(Map.of("cameras", all.values())), StandardCharsets.UTF_8);
    }

    private static CameraStatus unseen(String camera, Filming filming) {
        return new CameraStatus(camera, CameraStatus.State.SILENT, null, null).with(filming);
    }

    private void expectCameras() {
        try {
            topics.wall().expect(looks.cameras());
        } catch (SQLException e) {
            warn(e);
        }
    }

    private void ask(Viewer viewer) {
        onWorker(() -> look(viewer, viewer.unrecorded()));
    }

    /** Whoever cannot be asked about is shown nothing. */
    private void look(Viewer viewer, Set<String> cameras) {
        try {
            if (!looks.record(viewer.session(), cameras)) {
                viewer.close(SocketEnding.SIGNED_OUT);
            } else if (!cameras.isEmpty()) {
                viewer.record(cameras);
            }
        } catch (SQLException | RuntimeException e) {
            warn(e);
            viewer.close(SocketEnding.NO_DATABASE);
        }
    }

    private void warn(Exception e) {
        if (warnings.permits()) {
            LOG.warnf("the live view cannot ask the database who may look: %s", Refusal.oneLine(e));
        }
    }

    private void onWorker(Runnable task) {
        try {
            worker.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the process ends", e);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        worker.shutdownNow();
    }
}
