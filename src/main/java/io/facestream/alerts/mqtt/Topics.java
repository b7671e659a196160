package io.facestream.alerts.mqtt;

import java.util.UUID;

/**
 * The topics of an installation.
 *
 * <pre>
 *  facestream/status                                  online, offline
 *  facestream/camera/CAMERA/present|people|who|who_attributes|event
 *  facestream/person/IDENTITY/present|last_seen|last_camera
 *  facestream/alerts/RULE
 *  homeassistant/device/facestream/OBJECT/config
 * </pre>
 *
 * @param base the first levels
 * @param discovery the first levels that Home Assistant listens to
 */
record Topics(String base, String discovery) {
    /** Filters of everything of ours that is retained. */
    String[] retained() {
        return new String[] {
            status(), base + "/camera/+/+", base + "/person/+/+", discovery + "/device/" + node() + "/+/config"
        };
    }

    /** Whether messages of such a topic of ours are retained. */
    boolean isRetained(String topic) {
        return !topic.endsWith("/event");
    }

    /** Tells installations apart, in ids and in discovery. */
    String node() {
        return base.replace('/', '_');
    }

    String status() {
        return base + "/status";
    }

    String camera(String camera, String what) {
        return base + "/camera/" + TopicLevel.of(camera) + "/" + what;
    }

    String person(UUID identity, String what) {
        return base + "/person/" + identity + "/" + what;
    }

    String alert(String rule) {
        return base + "/alerts/" + TopicLevel.of(rule);
    }

    /** @param object such as {@code camera_lobby} */
    String config(String object) {
        return discovery + "/device/" + node() + "/" + object + "/config";
    }
}
