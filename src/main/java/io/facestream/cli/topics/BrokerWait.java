package io.facestream.cli.topics;

import io.facestream.configuration.Absence;
import io.facestream.configuration.Settings;
import io.facestream.embedded.EmbeddedHome;
import io.facestream.messaging.KafkaConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;

/** Waits for brokers that do not answer, and says so once when waiting begins and once when it is over. */
public final class BrokerWait {
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How long one attempt waits for an answer, unless the user's settings say otherwise. */
    private static final Map<String, String> ATTEMPT =
            Map.of("request.timeout.ms", "4000", "default.api.timeout.ms", "5000");

    /**
     * Held in a field, since unreferenced loggers lose their levels. The clients warn every second about what is said
     * here once.
     */
    private static final List<Logger> CLIENTS = Stream.of(
                    "org.apache.kafka.clients.NetworkClient",
                    "org.apache.kafka.clients.Metadata",
                    "org.apache.kafka.clients.FetchSessionHandler",
                    "org.apache.kafka.clients.consumer",
                    "org.apache.kafka.clients.producer")
            .map(Logger::getLogger)
            .toList();

    static {
        CLIENTS.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    private final Consumer<String> notices;
    private final CountDownLatch stop;
    private boolean waiting;

    /** @param stop ends the waiting when it reaches zero */
    public BrokerWait(Consumer<String> notices, CountDownLatch stop) {
        this.notices = notices;
        this.stop = stop;
    }

    /** Something that needs a broker. */
    public interface Attempt<T> {
        T with(KafkaConnection kafka, Settings settings);
    }

    /**
     * Tries until a broker answers, each time with the current settings: an embedded broker may have moved.
     *
     * @return empty if stopped first
     * @throws RuntimeException if a broker answered with a refusal
     */
    public <T> Optional<T> until(Attempt<T> attempt) throws InterruptedException {
        while (stop.getCount() > 0) {
            Settings settings = Settings.load();
            KafkaConnection kafka = connection(settings);
            try {
                T result = attempt.with(kafka, settings);
                answered("");
                return Optional.of(result);
            } catch (RuntimeException e) {
                if (!isSilence(e)) {
                    throw e;
                }
                silent(kafka.bootstrapServers(), "");
            }
            if (stop.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        return Optional.empty();
    }

    /** Whether a failure means that no broker answered, or none that can serve yet. */
    public static boolean isSilence(Throwable failure) {
        return Stream.iterate(failure, t -> t != null, Throwable::getCause)
                .anyMatch(t -> t instanceof RetriableException);
    }

    private static KafkaConnection connection(Settings settings) {
        Map<String, Object> properties = new HashMap<>(settings.kafka().properties());
        ATTEMPT.forEach((name, value) -> {
            if (settings.config()
                    .getOptionalValue("kafka." + name, String.class)
                    .isEmpty()) {
                properties.put(name, value);
            }
        });
        return new KafkaConnection(properties);
    }

    /** A connection to the brokers by the current settings. */
    public static KafkaConnection connection() {
        return connection(Settings.load());
    }

    /** Reports that no broker answers. */
    public synchronized void silent(String bootstrapServers, String meanwhile) {
        if (!waiting) {
            waiting = true;
            notices.accept("no broker answers at kafka.bootstrap.servers=" + bootstrapServers + ": waiting for one"
                    + meanwhile);
            if (Settings.load().findsNoService()) {
                notices.accept(Absence.noneRuns(EmbeddedHome.locate()));
            }
        }
    }

    /** Reports that a broker answers again. */
    public synchronized void answered(String meanwhile) {
        if (waiting) {
            waiting = false;
            notices.accept("the broker answers: going on" + meanwhile);
        }
    }
}
