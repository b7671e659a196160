package io.facestream.alerts.mqtt;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** Settings of a target, as they are read from properties. */
final class TestMqttConfig {
    private TestMqttConfig() {}

    interface Target {
        MqttConfig mqtt();
    }

    /** @param others names below {@code mqtt}, each followed by its value */
    static MqttConfig of(String broker, String... others) {
        Map<String, String> properties = new HashMap<>(Map.of("target.mqtt.broker", broker));
        for (int i = 0; i < others.length; i += 2) {
            properties.put("target.mqtt." + others[i], others[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withMapping(Target.class, "target")
                .build()
                .getConfigMapping(Target.class, "target")
                .mqtt();
    }
}
