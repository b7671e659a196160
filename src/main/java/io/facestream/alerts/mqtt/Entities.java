package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import io.facestream.sightings.message.Sighting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Every retained message, as a function of the visits and of the directory: what is not among them is cleared. Nothing
 * is added up over time, so whatever was missed is right again with the next message. Used by one thread.
 */
final class Entities {
    /** Home Assistant takes states of 255 characters at most. */
    private static final int LONGEST_STATE = 255;

    /** People of a camera that the attributes list; Home Assistant records no more than 16 kB of attributes. */
    private static final int MOST_LISTED = 30;

    private final Topics topics;
    private final MqttConfig config;
    private final Discovery discovery;
    private final Map<UUID, Seen> people = new HashMap<>();
    private final Map<String, Instant> cameras = new HashMap<>();
    private final Map<String, byte[]> cameraConfigs = new HashMap<>();
    private final Map<UUID, NamedConfig> personConfigs = new HashMap<>();
    private int leftOut;

    private record Seen(Instant at, String camera) {
        static Seen later(Seen one, Seen other) {
            return one == null || (other != null && other.at.isAfter(one.at)) ? other : one;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record NamedConfig(String name, byte[] message) {}

    private record Listed(String name, UUID identityId, Instant firstSeen) {}

    Entities(Topics topics, MqttConfig config, Discovery discovery) {
        this.topics = topics;
        this.config = config;
        this.discovery = discovery;
    }

    /** How many people and cameras had no place, the last time. */
    int leftOut() {
        return leftOut;
    }

    /** Those that have entities, as of the last states. */
    Set<String> cameras() {
        return cameraConfigs.keySet();
    }

    void clear() {
        people.clear();
        cameras.clear();
    }

    /** Remembers of visits that are over who was seen where. */
    void remember(Collection<Sighting> visits) {
        for (Sighting visit : visits) {
            cameras.merge(visit.camera(), visit.lastSeen(), Entities::later);
            if (visit.subject().identityId() != null) {
                people.merge(visit.subject().identityId(), new Seen(visit.lastSeen(), visit.camera()), Seen::later);
            }
        }
    }

    /**
     * The states as of now, by topic: configurations before the states of their entities, and at last that all of it is
     * right.
     */
    Map<String, byte[]> states(Visits visits, Directory.Snapshot directory, Instant now) {
        Map<String, Seen> seenCameras = new HashMap<>();
        Map<UUID, Seen> seenPeople = new HashMap<>();
        collect(visits.all(), directory, seenCameras, seenPeople);
        leftOut = 0;
        Instant oldest = now.minus(config.keep());
        people.values().removeIf(seen -> seen.at.isBefore(oldest));
        cameras.values().removeIf(at -> at.isBefore(oldest));
        List<Sighting> open = visits.open(now);
        Map<String, List<Sighting>> atCameras = open.stream().collect(Collectors.groupingBy(Sighting::camera));
        Map<UUID, List<Sighting>> ofPeople = open.stream()
                .filter(visit -> visit.subject().identityId() != null)
                .collect(Collectors.groupingBy(visit -> visit.subject().identityId()));

        Map<String, byte[]> states = new LinkedHashMap<>();
        states.put(discovery.hubTopic(), discovery.hub());
        List<String> cameraNames = chosen(seenCameras, cameraConfigs.keySet(), oldest, config.mostCameras());
        List<UUID> identities = config.people()
                ? chosen(known(seenPeople, directory), personConfigs.keySet(), oldest, config.mostPeople())
                : List.of();
        for (String camera : cameraNames) {
            putCamera(states, camera, atCameras.getOrDefault(camera, List.of()), directory);
        }
        for (UUID identity : identities) {
            String name = directory.people().get(identity).name();
            putPerson(states, identity, name, seenPeople.get(identity), ofPeople.containsKey(identity));
        }
        cameraConfigs.keySet().retainAll(cameraNames);
        personConfigs.keySet().retainAll(List.copyOf(identities));
        states.put(topics.status(), text("online"));
        return states;
    }

    private void collect(
            Collection<Sighting> visits,
            Directory.Snapshot directory,
            Map<String, Seen> seenCameras,
            Map<UUID, Seen> seenPeople) {
        directory.cameras().forEach((camera, at) -> seenCameras.put(camera, new Seen(at, camera)));
        cameras.forEach((camera, at) -> seenCameras.merge(camera, new Seen(at, camera), Seen::later));
        directory.people().values().stream()
                .filter(person -> person.lastSeen() != null)
                .forEach(person -> seenPeople.put(person.identity(), new Seen(person.lastSeen(), person.lastCamera())));
        people.forEach((identity, seen) -> seenPeople.merge(identity, seen, Seen::later));
        for (Sighting visit : visits) {
            Seen seen = new Seen(visit.lastSeen(), visit.camera());
            seenCameras.merge(visit.camera(), seen, Seen::later);
            if (visit.subject().identityId() != null) {
                seenPeople.merge(visit.subject().identityId(), seen, Seen::later);
            }
        }
    }

    /** Those who exist, by the database: a message that is on its way must not bring back who was erased. */
    private static Map<UUID, Seen> known(Map<UUID, Seen> seen, Directory.Snapshot directory) {
        return seen.entrySet().stream()
                .filter(entry -> directory.people().containsKey(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Those who have entities: who had them stays, as Home Assistant forgets what people made of an entity that goes.
     * The other places are for who was seen last.
     */
    private <K extends Comparable<K>> List<K> chosen(Map<K, Seen> seen, Set<K> before, Instant oldest, int most) {
        List<K> all = seen.entrySet().stream()
                .filter(entry -> !entry.getValue().at.isBefore(oldest))
                .sorted(Comparator.comparing((Map.Entry<K, Seen> entry) -> !before.contains(entry.getKey()))
                        .thenComparing(entry -> entry.getValue().at, Comparator.reverseOrder())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
        leftOut += Math.max(0, all.size() - most);
        return all.stream().limit(most).sorted().toList();
    }

    private void putCamera(
            Map<String, byte[]> states, String camera, List<Sighting> visits, Directory.Snapshot directory) {
        states.put(
                topics.config(Discovery.cameraObject(camera)),
                cameraConfigs.computeIfAbsent(camera, discovery::camera));
        List<Listed> named = new ArrayList<>();
        int unknown = 0;
        for (Sighting visit : visits) {
            String name = name(visit, directory);
            if (name == null) {
                unknown++;
            } else {
                named.add(new Listed(name, visit.subject().identityId(), visit.firstSeen()));
            }
        }
        named.sort(Comparator.comparing(Listed::name).thenComparing(Listed::firstSeen));
        states.put(topics.camera(camera, "present"), onOff(!visits.isEmpty()));
        states.put(topics.camera(camera, "people"), text(Integer.toString(visits.size())));
        states.put(topics.camera(camera, "who"), text(shortened(who(named, unknown))));
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("camera", camera);
        attributes.put("known", named.stream().limit(MOST_LISTED).toList());
        attributes.put("unknown", unknown);
        states.put(topics.camera(camera, "who_attributes"), Json.write(attributes));
    }

    private void putPerson(Map<String, byte[]> states, UUID identity, String name, Seen seen, boolean present) {
        NamedConfig message = personConfigs.get(identity);
        if (message == null || !message.name.equals(name)) {
            message = new NamedConfig(name, discovery.person(identity, name));
            personConfigs.put(identity, message);
        }
        states.put(topics.config(Discovery.personObject(identity)), message.message);
        states.put(topics.person(identity, "present"), onOff(present));
        states.put(topics.person(identity, "last_seen"), text(seen.at.toString()));
        states.put(topics.person(identity, "last_camera"), text(shortened(seen.camera)));
    }

    /** The name of today; null for somebody unknown, or erased. */
    static String name(Sighting visit, Directory.Snapshot directory) {
        UUID identity = visit.subject().identityId();
        if (identity == null || directory.gone().contains(identity)) {
            return null;
        }
        Directory.Person person = directory.people().get(identity);
        return person == null ? visit.subject().name() : person.name();
    }

    private static String who(List<Listed> named, int unknown) {
        List<String> all = named.stream().map(Listed::name).distinct().collect(Collectors.toCollection(ArrayList::new));
        if (unknown > 0) {
            all.add(unknown + " unknown");
        }
        return all.isEmpty() ? "nobody" : String.join(", ", all);
    }

    private static String shortened(String state) {
        if (state.length() <= LONGEST_STATE) {
            return state;
        }
        int end = LONGEST_STATE - 1;
        return state.substring(0, Character.isHighSurrogate(state.charAt(end - 1)) ? end - 1 : end) + "\u2026";
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static byte[] onOff(boolean on) {
        return text(on ? "ON" : "OFF");
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
