package io.facestream.stages;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The transactional stages that this process runs. */
@ApplicationScoped
public class Stages {
    private static final Logger LOG = Logger.getLogger(Stages.class);
    private static final Duration DRAIN = Duration.ofSeconds(20);

    /** Instance names are part of transactional ids, which operators use in ACLs. */
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    private final KafkaConnection connection;
    private final TopicsConfig topics;
    private final String instance;
    private final MeterRegistry metrics;
    private final Tracer tracer;
    private final StageTimeouts timeouts;
    private final PartitionWatch partitions;
    private final StuckWorkers stuck = new StuckWorkers();
    private final List<Running> running = new CopyOnWriteArrayList<>();
    private final List<Supplier<StageStatus>> others = new CopyOnWriteArrayList<>();

    @Inject
    Stages(
            Config config,
            TopicsConfig topics,
            @ConfigProperty(name = "facestream.instance") Optional<String> instance,
            MeterRegistry metrics,
            Tracer tracer) {
        this(KafkaConnection.from(config), topics, instance.orElseGet(Stages::hostName), metrics, tracer);
    }

    /**
     * @param instance this replica's name, stable across restarts and unique among the replicas
     * @param metrics registry for the metrics of stages
     * @param tracer for the spans of records
     * @throws IllegalArgumentException if the instance is not 1 to 200 of the characters A-Z, a-z, 0-9, '.', '_' and
     *     '-'
     */
    public Stages(
            KafkaConnection connection, TopicsConfig topics, String instance, MeterRegistry metrics, Tracer tracer) {
        this(connection, topics, instance, metrics, tracer, StageTimeouts.PRODUCTION);
    }

    /** The same with other timeouts. */
    Stages(
            KafkaConnection connection,
            TopicsConfig topics,
            String instance,
            MeterRegistry metrics,
            Tracer tracer,
            StageTimeouts timeouts) {
        if (!INSTANCE.matcher(instance).matches()) {
            throw new IllegalArgumentException(
                    "this replica's name is not 1 to 200 of the characters A-Z a-z 0-9 . _ -: \"" + instance
                            + "\"; set facestream.instance to such a name");
        }
        this.connection = connection;
        this.topics = topics;
        this.instance = instance;
        this.metrics = metrics;
        this.tracer = tracer;
        this.timeouts = timeouts;
        this.partitions = new PartitionWatch(connection, timeouts);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("this host has no name: set facestream.instance", e);
        }
    }

    /**
     * Makes sure that the topics exist, including {@code rejected-records}, and starts the stage's loops. A loop that
     * dies ends the process.
     *
     * @param name of the stage, as in {@code facestream-<name>}, its consumer group
     * @param works asked once the topics exist, so that no network is loaded for a broker that does not answer
     */
    public void start(String name, Topic input, List<Topic> outputs, StageConfig config, Supplier<StageWork> works) {
        Set<Topic> touched = EnumSet.copyOf(outputs);
        touched.add(input);
        touched.add(Topic.REJECTED_RECORDS);
        ensureTopics(touched);
        StageWork work = works.get();
        StageMetrics ofStage = new StageMetrics(metrics, name);
        for (int i = 0; i < config.loops(); i++) {
            String member = "facestream-" + name + "-" + instance + "-" + i;
            StageLoop loop = new StageLoop(
                    connection, name, member, input, config.maxPollRecords(), work, stuck, ofStage, tracer, timeouts);
            ofStage.watch(loop, () -> partitions.of(loop).lag());
            partitions.add(loop, ofStage);
            Thread thread = VitalThread.of(name + "-" + i, loop);
            running.add(new Running(loop, thread));
            thread.start();
        }
        LOG.infof("%s reads %s with %d loop(s) as %s", name, input.topicName(), config.loops(), instance);
    }

    /** The topic of model releases, for stages that load new versions. */
    public ReleaseTopic releases() {
        return new ReleaseTopic(connection, topics);
    }

    /** This replica's name. */
    public String instance() {
        return instance;
    }

    /**
     * Watches over a loop of another kind as over those that are started here: its lag, its partitions, its health.
     *
     * @param hasBegun whether it has completed a step since the process started
     */
    public void watch(String stage, WatchedLoop loop, BooleanSupplier hasBegun) {
        StageMetrics ofStage = new StageMetrics(metrics, stage);
        ofStage.watch(loop, () -> partitions.of(loop).lag());
        partitions.add(loop, ofStage);
        report(() -> status(stage, loop, hasBegun.getAsBoolean()));
    }

    /** Adds the state of a loop of another kind. */
    public void report(Supplier<StageStatus> status) {
        others.add(status);
    }

    /** The state of each loop of each stage. */
    public List<StageStatus> status() {
        return Stream.concat(
                        running.stream().map(stage -> status(stage.loop.stage(), stage.loop, stage.loop.hasBegun())),
                        others.stream().map(Supplier::get))
                .toList();
    }

    private StageStatus status(String stage, WatchedLoop loop, boolean hasBegun) {
        LoopProgress progress = partitions.of(loop);
        return new StageStatus(
                stage,
                loop.member(),
                hasBegun,
                loop.sinceLastGoodStep(),
                progress.slowest() == null ? null : progress.slowest().toString(),
                progress.stalledFor());
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) {
        stop();
    }

    /** Stops every loop after its current batch. */
    public void stop() {
        running.forEach(stage -> stage.loop.stop());
        long deadline = System.nanoTime() + DRAIN.toNanos();
        for (Running stage : running) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(stage.thread, Math.max(1_000_000, deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (stage.thread.isAlive()) {
                LOG.warnf(
                        "%s did not end within %d s; its open transaction will time out",
                        stage.loop.member(), DRAIN.toSeconds());
            }
        }
        running.clear();
        partitions.close();
    }

    /** Creates missing topics and checks the others, see {@link TopicAdmin}. */
    public void ensureTopics(Collection<Topic> names) {
        TopicAdmin.ensure(connection, topics, names);
    }

    private record Running(StageLoop loop, Thread thread) {}
}
