package io.facestream.alerts.mqtt;

import io.facestream.alerts.target.AlertTarget;
import io.facestream.messaging.KafkaConnection;
import io.facestream.stages.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;

/** Makes targets of their settings. */
@ApplicationScoped
public class MqttTargets {
    private final String instance;
    private final KafkaConnection connection;
    private final Supplier<DataSource> database;
    private final MeterRegistry metrics;
    private final Vertx vertx;
    private final Consumer<SightingsTopic> watch;
    private final Map<String, String> taken = new HashMap<>();

    /** @param database present if the role is switched on */
    @Inject
    MqttTargets(Stages stages, Config config, Instance<DataSource> database, MeterRegistry metrics, Vertx vertx) {
        this(
                stages.instance(),
                KafkaConnection.from(config),
                database::get,
                metrics,
                vertx,
                reader -> stages.watch("alerts", reader, reader::hasBegun));
    }

    MqttTargets(
            String instance,
            KafkaConnection connection,
            Supplier<DataSource> database,
            MeterRegistry metrics,
            Vertx vertx,
            Consumer<SightingsTopic> watch) {
        this.instance = instance;
        this.connection = connection;
        this.database = database;
        this.metrics = metrics;
        this.vertx = vertx;
        this.watch = watch;
    }

    /**
     * A target that has begun to publish states and events, if they are wanted: its threads wait for whatever is away.
     *
     * @param maxAge what is older is no event any more
     * @param secrets the folder of secrets
     * @throws IllegalArgumentException in one line, if the settings are wrong
     */
    public AlertTarget start(String name, MqttConfig config, Duration maxAge, Optional<Path> secrets) {
        MqttSettings settings = MqttSettings.of(name, config, secrets);
        Topics topics = new Topics(config.baseTopic(), config.discoveryPrefix());
        String clientId = config.clientId().orElse(topics.node());
        alone(name, settings, "client-id", clientId);
        alone(name, settings, "base-topic", topics.node());
        MqttMetrics counts = new MqttMetrics(metrics, name);
        SightingsTopic sightings = null;
        if (config.homeAssistant()) {
            HomeAssistant states = new HomeAssistant(
                    topics,
                    config,
                    maxAge,
                    counts,
                    () -> new Directory(
                            database.get(),
                            Directory.INTERVAL,
                            config.keep(),
                            config.mostPeople(),
                            config.mostCameras()),
                    // One client id for all replicas: the broker closes an old reader's connection for the new one's.
                    listener -> new Link(settings, vertx, clientId, topics.status(), listener));
            sightings = new SightingsTopic(
                    connection, "facestream-alerts-mqtt-" + name, config.stale(), states, counts::unreadable);
            watch.accept(sightings);
        }
        Link alerts = new Link(settings, vertx, clientId + "-" + TopicLevel.of(instance), null, new NothingToHear());
        MqttTarget target = new MqttTarget(settings, topics, counts, alerts, sightings);
        target.start();
        return target;
    }

    /**
     * A broker keeps one client of an id connected, and throws out the other; of one base topic, each would clear what
     * the other had published.
     */
    private void alone(String target, MqttSettings settings, String setting, String value) {
        String other = taken.putIfAbsent(
                settings.address().host().toLowerCase(Locale.ROOT) + "\n"
                        + settings.address().port() + "\n" + setting + "\n" + value,
                target);
        if (other != null) {
            throw new IllegalArgumentException(settings.name() + "." + setting + " is " + value + ", as that of target "
                    + other + " at the same broker: give each a base-topic and a client-id of its own");
        }
    }

    /** A connection for alerts subscribes to nothing. */
    private static final class NothingToHear implements Link.Listener {
        @Override
        public void connected() {}

        @Override
        public void arrived(String topic, byte[] payload) {}

        @Override
        public void lost() {}
    }
}
