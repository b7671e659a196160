package io.facestream.alerts.mqtt;

import io.facestream.messaging.Json;
import io.facestream.sightings.message.Sighting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What Home Assistant is told of entities: one retained message for each device, a camera or a person, with all of its
 * entities ("device-based discovery", Home Assistant 2024.11 and later). Ids never change, names may.
 */
final class Discovery {
    private static final String HUB = "hub";

    /** What a visit's event can be. */
    private static final List<String> EVENTS = Stream.concat(
                    Stream.of(Sighting.Change.values()).map(Sighting.Change::code), Stream.of(Visits.NAMED))
            .sorted()
            .toList();

    private final Topics topics;

    Discovery(Topics topics) {
        this.topics = topics;
    }

    /** The device that the others belong to. */
    String hubTopic() {
        return topics.config(HUB);
    }

    byte[] hub() {
        Map<String, Object> connection = entity("binary_sensor", HUB, "connection", "Connection");
        connection.put("state_topic", topics.status());
        connection.put("payload_on", "online");
        connection.put("payload_off", "offline");
        connection.put("device_class", "connectivity");
        connection.put("entity_category", "diagnostic");
        Map<String, Object> message = message(HUB, "FaceStream", "Service", Map.of("connection", connection));
        // It tells of the connection itself, so it is always available.
        message.remove("availability");
        return Json.write(message);
    }

    static String cameraObject(String camera) {
        return "camera_" + TopicLevel.of(camera);
    }

    static String personObject(UUID identity) {
        return "person_" + identity;
    }

    byte[] camera(String camera) {
        String object = cameraObject(camera);
        Map<String, Object> present = entity("binary_sensor", object, "present", "Occupancy");
        present.put("device_class", "occupancy");
        present.put("state_topic", topics.camera(camera, "present"));
        Map<String, Object> people = entity("sensor", object, "people", "People");
        people.put("state_topic", topics.camera(camera, "people"));
        people.put("state_class", "measurement");
        people.put("icon", "mdi:account-multiple");
        Map<String, Object> who = entity("sensor", object, "who", "Who");
        who.put("state_topic", topics.camera(camera, "who"));
        who.put("json_attributes_topic", topics.camera(camera, "who_attributes"));
        who.put("icon", "mdi:account-question");
        Map<String, Object> visit = entity("event", object, "visit", "Visit");
        visit.put("state_topic", topics.camera(camera, "event"));
        visit.put("event_types", EVENTS);
        visit.put("icon", "mdi:face-recognition");
        Map<String, Object> entities = new LinkedHashMap<>();
        entities.put("present", present);
        entities.put("people", people);
        entities.put("who", who);
        entities.put("visit", visit);
        return Json.write(message(object, camera, "Camera", entities));
    }

    byte[] person(UUID identity, String name) {
        String object = personObject(identity);
        Map<String, Object> present = entity("binary_sensor", object, "present", "Present");
        present.put("device_class", "occupancy");
        present.put("state_topic", topics.person(identity, "present"));
        Map<String, Object> seen = entity("sensor", object, "last_seen", "Last seen");
        seen.put("device_class", "timestamp");
        seen.put("state_topic", topics.person(identity, "last_seen"));
        Map<String, Object> where = entity("sensor", object, "last_camera", "Last camera");
        where.put("state_topic", topics.person(identity, "last_camera"));
        where.put("icon", "mdi:cctv");
        Map<String, Object> entities = new LinkedHashMap<>();
        entities.put("present", present);
        entities.put("last_seen", seen);
        entities.put("last_camera", where);
        return Json.write(message(object, name, "Person", entities));
    }

    private Map<String, Object> entity(String platform, String object, String what, String name) {
        Map<String, Object> entity = new LinkedHashMap<>();
        entity.put("platform", platform);
        entity.put("unique_id", topics.node() + "_" + object + "_" + what);
        entity.put("name", name);
        return entity;
    }

    private Map<String, Object> message(String object, String name, String model, Map<String, Object> entities) {
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("identifiers", List.of(topics.node() + "_" + object));
        device.put("name", name);
        device.put("manufacturer", "FaceStream");
        device.put("model", model);
        if (!object.equals(HUB)) {
            device.put("via_device", topics.node() + "_" + HUB);
        }
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("device", device);
        message.put("origin", Map.of("name", "FaceStream"));
        message.put("availability", List.of(Map.of("topic", topics.status())));
        message.put("qos", 1);
        message.put("components", entities);
        return message;
    }
}
