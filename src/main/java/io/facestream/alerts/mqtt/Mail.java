package io.facestream.alerts.mqtt;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is to be published. Of a state only the latest counts, however long the broker is away: it is bounded by the
 * number of topics. Events are bounded by number and by age. Thread-safe.
 */
final class Mail {
    /** As many as a crowd makes within {@code max-age}. */
    static final int MOST_EVENTS = 1_000;

    /** Retained topics that are remembered before it is known which of them are wanted. */
    private static final int MOST_FOUND = 100_000;

    private static final byte[] NOTHING = {};

    private final MqttMetrics metrics;
    private final Set<String> unsent = new LinkedHashSet<>();
    private final Set<String> found = new LinkedHashSet<>();
    /** By the order in which they happened. */
    private final NavigableMap<Long, Event> events = new TreeMap<>();

    private long happened;
    private Map<String, byte[]> wanted = new LinkedHashMap<>();
    private boolean complete;

    /**
     * A message.
     *
     * @param number of the event in the order in which they happened; 0 for a state
     * @param event of which it is; null for a state, which is retained
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(String topic, byte[] payload, long number, Event event) {
        boolean isRetained() {
            return event == null;
        }
    }

    /**
     * Something that happened: published between two moments, or not at all.
     *
     * @param payload is written when it is published, since a name may be another by then, or erased
     */
    record Event(String topic, Supplier<byte[]> payload, Instant from, Instant until) {}

    Mail(MqttMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * The states from now on, in the order in which they are to be published. Topics that are no longer among them are
     * cleared.
     *
     * @param all whether nothing is missing, so that what the broker has besides may be cleared
     */
    synchronized void want(Map<String, byte[]> states, boolean all) {
        states.forEach((topic, payload) -> {
            if (!Arrays.equals(payload, wanted.get(topic))) {
                unsent.add(topic);
            }
        });
        wanted.keySet().stream().filter(topic -> !states.containsKey(topic)).forEach(unsent::add);
        wanted = new LinkedHashMap<>(states);
        complete |= all;
        if (complete) {
            found.stream().filter(topic -> !wanted.containsKey(topic)).forEach(unsent::add);
            found.clear();
        }
    }

    /** The broker has a retained message of ours, perhaps from another time. */
    synchronized void found(String topic) {
        if (complete) {
            if (!wanted.containsKey(topic)) {
                unsent.add(topic);
            }
        } else if (found.size() < MOST_FOUND) {
            found.add(topic);
        }
    }

    synchronized void tell(Event event) {
        if (events.size() >= MOST_EVENTS) {
            events.pollFirstEntry();
            metrics.dropped(MqttMetrics.FULL);
        }
        events.put(++happened, event);
    }

    /** All states are to be published again: the broker may have lost them. */
    synchronized void again() {
        unsent.removeAll(wanted.keySet());
        unsent.addAll(wanted.keySet());
    }

    /** One state is to be published again, if there is one. */
    synchronized void again(String topic) {
        if (wanted.containsKey(topic)) {
            unsent.add(topic);
        }
    }

    /** What to publish next; states first, so that an event finds its entity. */
    synchronized Optional<Message> next(Instant now) {
        if (!unsent.isEmpty()) {
            String topic = unsent.iterator().next();
            unsent.remove(topic);
            return Optional.of(new Message(topic, wanted.getOrDefault(topic, NOTHING), 0, null));
        }
        while (!events.isEmpty() && events.firstEntry().getValue().until().isBefore(now)) {
            events.pollFirstEntry();
            metrics.dropped(MqttMetrics.OLD);
        }
        if (events.isEmpty() || events.firstEntry().getValue().from().isAfter(now)) {
            return Optional.empty();
        }
        Map.Entry<Long, Event> first = events.pollFirstEntry();
        Event event = first.getValue();
        return Optional.of(new Message(event.topic(), event.payload().get(), first.getKey(), event));
    }

    /** A message was not acknowledged. An event goes back to its place: a lost connection fails the oldest first. */
    synchronized void failed(Message message) {
        if (message.isRetained()) {
            unsent.add(message.topic());
        } else {
            events.put(message.number(), message.event());
        }
    }
}
