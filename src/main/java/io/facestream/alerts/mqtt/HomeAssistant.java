package io.facestream.alerts.mqtt;

import io.facestream.messaging.Json;
import io.facestream.sightings.message.Sighting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Publishes states and events while this replica is the one that reads the sightings. What is to be published is
 * decided in the reading thread; when, on the connection's event loop.
 */
final class HomeAssistant implements SightingsTopic.Listener, Link.Listener {
    private static final Logger LOG = Logger.getLogger(HomeAssistant.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** How long the database is waited for. After that, what the topic tells is better than nothing. */
    private static final Duration DIRECTORY = Duration.ofSeconds(10);

    /** What Home Assistant takes at most to subscribe to the topics of a new entity. */
    private static final Duration INTRODUCTION = Duration.ofSeconds(3);

    private final Topics topics;
    private final MqttConfig config;
    private final Duration maxAge;
    private final MqttMetrics metrics;
    private final Supplier<Directory> directories;
    private final Function<Link.Listener, Link> links;
    private final Visits visits;
    private final Entities entities;
    private final Map<String, Instant> introduced = new HashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private Directory directory;
    private Directory.Snapshot shown;
    private Instant shownAt = Instant.EPOCH;
    private Instant begun = Instant.EPOCH;
    private boolean changed;
    private boolean toldOfLeftOut;
    private volatile Mail mail;
    private volatile Link link;

    /**
     * Publishes nothing before {@link #begin}.
     *
     * @param directories makes one that is not started yet
     * @param links makes one that is not open yet
     */
    HomeAssistant(
            Topics topics,
            MqttConfig config,
            Duration maxAge,
            MqttMetrics metrics,
            Supplier<Directory> directories,
            Function<Link.Listener, Link> links) {
        this.topics = topics;
        this.config = config;
        this.maxAge = maxAge;
        this.metrics = metrics;
        this.directories = directories;
        this.links = links;
        this.visits = new Visits(config.stale());
        this.entities = new Entities(topics, config, new Discovery(topics));
    }

    @Override
    public void begin() {
        visits.clear();
        entities.clear();
        introduced.clear();
        changed = true;
        begun = Instant.now();
        mail = new Mail(metrics);
        directory = directories.get();
        Thread reading = new Thread(directory, "mqtt-directory");
        reading.setDaemon(true);
        reading.start();
        metrics.leads(true);
        link = links.apply(this);
        link.open();
    }

    @Override
    public void end() {
        metrics.leads(false);
        Link current = link;
        link = null;
        current.close("offline");
        directory.stop();
    }

    @Override
    public void take(Sighting message, boolean isNews) {
        Optional<String> event = visits.take(message);
        if (event.isEmpty()) {
            return;
        }
        changed = true;
        UUID identity = message.subject().identityId();
        if (identity != null) {
            directory.ask(identity);
        }
        if (message.subject().supersedes() != null) {
            directory.correct(message.subject().supersedes().identityId());
        }
        if (isNews) {
            Instant now = Instant.now();
            Instant until = message.lastAppendedAt().plus(maxAge);
            if (until.isBefore(now)) {
                metrics.dropped(MqttMetrics.OLD);
                return;
            }
            Directory who = directory;
            Instant since = introduced.computeIfAbsent(message.camera(), camera -> now);
            mail.tell(new Mail.Event(
                    topics.camera(message.camera(), "event"),
                    () -> Json.write(event(message, event.get(), who.snapshot())),
                    since.plus(INTRODUCTION),
                    until));
        }
    }

    private static Map<String, Object> event(Sighting message, String what, Directory.Snapshot known) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event_type", what);
        event.put("camera", message.camera());
        event.put("kind", message.subject().kind());
        event.put("name", Entities.name(message, known));
        event.put("identityId", message.subject().identityId());
        event.put("probability", message.subject().probability());
        event.put("firstSeen", message.firstSeen());
        event.put("lastSeen", message.lastSeen());
        event.put("frames", message.frames());
        event.put("source", message.source());
        event.put("sightingId", message.sightingId());
        event.put("sequence", message.sequence());
        return event;
    }

    @Override
    public void step() {
        Instant now = Instant.now();
        Directory.Snapshot known = directory.snapshot();
        if (!known.isComplete() && now.isBefore(begun.plus(DIRECTORY))) {
            return;
        }
        if (changed || known != shown || !shownAt.plus(INTERVAL).isAfter(now)) {
            entities.remember(visits.forget(now));
            mail.want(entities.states(visits, known, now), known.isComplete());
            entities.cameras().forEach(camera -> introduced.putIfAbsent(camera, now));
            introduced.keySet().retainAll(entities.cameras());
            changed = false;
            shown = known;
            shownAt = now;
            tellOfLeftOut();
        }
        pump();
    }

    private void tellOfLeftOut() {
        if (entities.leftOut() > 0 && !toldOfLeftOut) {
            LOG.warnf(
                    "%d people and cameras have no entities: there are more than most-people (%d) or most-cameras (%d)",
                    entities.leftOut(), config.mostPeople(), config.mostCameras());
        }
        toldOfLeftOut = entities.leftOut() > 0;
    }

    /** One thread at a time: of two messages of a topic, the later one goes last. */
    private synchronized void pump() {
        Link current = link;
        Mail post = mail;
        while (current != null && current.isConnected() && inFlight.get() < Link.WINDOW) {
            Optional<Mail.Message> next = post.next(Instant.now());
            if (next.isEmpty()) {
                return;
            }
            Mail.Message message = next.get();
            inFlight.incrementAndGet();
            current.publish(message.topic(), message.payload(), message.isRetained())
                    .whenComplete((done, failure) -> {
                        inFlight.decrementAndGet();
                        if (failure == null) {
                            metrics.published(message.isRetained() ? MqttMetrics.STATE : MqttMetrics.EVENT);
                            pump();
                        } else {
                            post.failed(message);
                        }
                    });
        }
    }

    @Override
    public void connected() {
        Link current = link;
        if (current != null) {
            metrics.connected(true);
            current.subscribe(topics.retained());
            mail.again();
            pump();
        }
    }

    @Override
    public void lost() {
        metrics.connected(false);
    }

    @Override
    public void arrived(String topic, byte[] payload) {
        if (topic.equals(topics.status())) {
            // The last will of a replica that was slow to die, or of our own connection before.
            if (new String(payload, StandardCharsets.UTF_8).equals("offline")) {
                mail.again(topic);
                pump();
            }
        } else if (payload.length > 0 && topics.isRetained(topic)) {
            // Not every broker flags what it had retained (Moquette 0.17), so what was said just now counts as well.
            mail.found(topic);
        }
    }
}
