package io.facestream.alerts;

import io.facestream.alerts.AlertsConfig.TargetConfig;
import io.facestream.alerts.delivery.AlertMetrics;
import io.facestream.alerts.delivery.Deliveries;
import io.facestream.alerts.delivery.DeliverySettings;
import io.facestream.alerts.mqtt.MqttTargets;
import io.facestream.alerts.outbox.AlertRules;
import io.facestream.alerts.outbox.AlertStore;
import io.facestream.alerts.outbox.Outbox;
import io.facestream.alerts.outbox.PublishedSettings;
import io.facestream.alerts.rules.Rule;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.channels.BatchStore;
import io.facestream.curation.rules.RuleName;
import io.facestream.database.Refusal;
import io.facestream.database.WrittenRows.Refused;
import io.facestream.messaging.RateLimit;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.SightingReader;
import io.facestream.stages.Stages;
import io.facestream.stages.VitalThread;
import io.facestream.stages.WatchedLoop;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * {@code sightings} to the outbox, at least once: a batch is acknowledged when its alerts are stored, and tried again
 * until then. {@link Deliveries} takes them from there.
 */
@ApplicationScoped
public class AlertsStage {
    private static final Logger LOG = Logger.getLogger(AlertsStage.class);
    private static final String NAME = "alerts";

    /**
     * The steps of the deliveries, and no offsets. The channel's records do not show that it has read everything: a
     * transaction's marker counts in the partition's end, and the channel never hands it over.
     */
    private record Watched(String member, Deliveries deliveries) implements WatchedLoop {
        @Override
        public Duration sinceLastGoodStep() {
            return deliveries.sinceLastGoodStep();
        }
    }

    private final Stages stages;
    private final AlertsConfig config;
    private final Instance<DataSource> database;
    private final Vertx vertx;
    private final MqttTargets mqtt;
    private final MeterRegistry registry;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final BatchStore batches = new BatchStore("alerts", stopping);
    private final RateLimit refusals = new RateLimit(Duration.ofMinutes(1));
    private Counter unreadable;
    private SightingReader reader;
    private AlertStore store;
    private AlertMetrics metrics;
    private Deliveries deliveries;

    /** @param database present if the role is switched on */
    AlertsStage(
            Stages stages,
            AlertsConfig config,
            Instance<DataSource> database,
            Vertx vertx,
            MqttTargets mqtt,
            MeterRegistry registry) {
        this.stages = stages;
        this.config = config;
        this.database = database;
        this.vertx = vertx;
        this.mqtt = mqtt;
        this.registry = registry;
    }

    /** Before the channels begin, which SmallRye starts as a library. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE - 1) StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        AlertRules rules = rules(config);
        Map<String, AlertTarget> targets =
                targets(config, rules, new Targets(stages.instance(), config.secrets(), vertx, mqtt));
        stages.ensureTopics(List.of(Topic.SIGHTINGS));
        metrics = new AlertMetrics(registry, targets.keySet());
        unreadable = Counter.builder("facestream.alerts.unreadable")
                .description("Records of sightings that are none, or that the database will never take, left out")
                .register(registry);
        reader = new SightingReader(unreadable::increment);
        store = new AlertStore(database.get(), rules);
        deliveries = new Deliveries(new Outbox(database.get()), metrics, config.keep());
        targets.forEach((name, target) -> deliveries.add(
                name,
                target,
                new DeliverySettings(
                        rules.maxAge().get(name),
                        config.targets().get(name).attempts(),
                        config.targets().get(name).mostWaiting())));
        stages.watch(NAME, new Watched("alerts-" + stages.instance(), deliveries), deliveries::hasBegun);
        deliveries.start();
        VitalThread.of("alerts-settings", () -> publish(new PublishedSettings(database.get()), rules))
                .start();
        LOG.infof(
                "%s reads %s for %d rule(s) of the settings and %d target(s) as %s",
                NAME, Topic.SIGHTINGS.topicName(), rules.rules().size(), targets.size(), stages.instance());
    }

    private void publish(PublishedSettings settings, AlertRules rules) {
        List<String> names = rules.rules().stream().map(Rule::name).toList();
        try {
            new BatchStore("the names of targets", stopping)
                    .store(() -> settings.publish(names, config.targets().keySet(), config.keep()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the process ends
        }
    }

    /** @throws IllegalArgumentException in one line, naming the setting, if one is wrong */
    static AlertRules rules(AlertsConfig config) {
        Map<String, Duration> maxAge = new HashMap<>();
        config.targets().forEach((name, target) -> {
            String setting = "facestream.alerts.targets." + name;
            RuleName.check(setting, name);
            Duration longest = target.maxAge().orElse(config.maxAge());
            if (longest.compareTo(config.keep()) > 0) {
                throw new IllegalArgumentException(
                        setting + " has a max-age of " + longest + ", longer than facestream.alerts.keep="
                                + config.keep() + ", after which alerts are forgotten");
            }
            if (longest.compareTo(config.settle()) <= 0) {
                throw new IllegalArgumentException(setting + " has a max-age of " + longest
                        + ", and facestream.alerts.settle=" + config.settle()
                        + " is no shorter: nobody unknown would ever be told of");
            }
            maxAge.put(name, longest);
        });
        return new AlertRules(
                config.rules().entrySet().stream()
                        .map(rule -> Rule.of(
                                rule.getKey(), rule.getValue(), config.targets().keySet(), config.keep()))
                        .toList(),
                config.settle(),
                maxAge);
    }

    private static Map<String, AlertTarget> targets(AlertsConfig config, AlertRules rules, Targets makes) {
        Map<String, AlertTarget> targets = new HashMap<>();
        for (Map.Entry<String, TargetConfig> target : config.targets().entrySet()) {
            targets.put(
                    target.getKey(),
                    makes.make(
                            target.getKey(), target.getValue(), rules.maxAge().get(target.getKey())));
        }
        return targets;
    }

    /** @throws InterruptedException if the process ends: the batch is not acknowledged, and comes again */
    @Incoming(NAME)
    @Blocking
    void take(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException {
        List<Sighting> messages = reader.read(batch);
        batches.store(() -> {
            AlertStore.Stored stored = store.store(messages);
            stored.changes().forEach((change, alerts) -> metrics.became(change.target(), change.state(), alerts));
            stored.refused().forEach(this::report);
            deliveries.wake();
        });
    }

    private void report(Refused<Sighting> refused) {
        unreadable.increment();
        if (refusals.permits()) {
            LOG.warnf(
                    "a message of a visit of %s makes no alert, since the database will never take it: %s",
                    refused.row().source(),
                    Refusal.oneLine(refused.why()).lines().findFirst().orElse(""));
        }
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
        if (deliveries != null) {
            deliveries.close();
        }
    }
}
