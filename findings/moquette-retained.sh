#!/usr/bin/env bash
# What:      the MQTT broker Moquette 0.17 in a Java process, with Paho 1.2.5 as writer and as reader.
# Guess:     a retained message is there for whoever subscribes later, whatever its QoS, and is marked as retained. A new
#            one replaces the one before.
# Behaviour: a retained message of QoS 0 is not kept, and deletes the retained message that was there, of QoS 1 even.
#            (MQTT 3.1.1 allows that, and recommends the contrary.) What is kept is delivered without the mark.
# Matters:   Home Assistant learns of cameras by retained messages, which most clients publish with QoS 0: after its
#            next start it has no cameras. Whoever tells old states from new events by the mark takes each for an event.
#            Publish with QoS 1.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.moquette</groupId><artifactId>moquette-broker</artifactId><version>0.17</version>
      <exclusions><exclusion><groupId>org.slf4j</groupId><artifactId>slf4j-reload4j</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>org.eclipse.paho</groupId><artifactId>org.eclipse.paho.client.mqttv3</artifactId>
      <version>1.2.5</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath

cat > Retained.java <<'JAVA'
import io.moquette.broker.Server;
import io.moquette.broker.config.MemoryConfig;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

class Retained {
    public static void main(String[] args) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Properties settings = new Properties();
        settings.put("host", "127.0.0.1");
        settings.put("port", "" + port);
        settings.put("allow_anonymous", "true");
        settings.put("persistence_enabled", "false");
        settings.put("telemetry_enabled", "false");
        Server broker = new Server();
        broker.startServer(new MemoryConfig(settings));
        String url = "tcp://127.0.0.1:" + port;

        MqttClient writer = new MqttClient(url, "writer", new MemoryPersistence());
        writer.connect();
        writer.publish("camera/front", "first".getBytes(), 1, true);
        writer.publish("camera/back", "first".getBytes(), 0, true);
        Map<String, String> before = retained(url, writer);
        writer.publish("camera/front", "second".getBytes(), 0, true);
        Map<String, String> after = retained(url, writer);
        System.out.println("front with QoS 1, back with QoS 0; later come: " + before);
        System.out.println("front again, with QoS 0; later come: " + after);
        boolean asDescribed = before.equals(Map.of("camera/front", "first, marked: false")) && after.isEmpty();
        System.out.println(asDescribed ? "As described." : "CHANGED");
        writer.disconnect();
        System.exit(asDescribed ? 0 : 1);
    }

    /** What a new subscriber gets before a message of QoS 1 that is sent once it has subscribed. */
    private static Map<String, String> retained(String url, MqttClient writer) throws Exception {
        Map<String, String> got = new ConcurrentSkipListMap<>();
        CountDownLatch last = new CountDownLatch(1);
        MqttClient reader = new MqttClient(url, MqttClient.generateClientId(), new MemoryPersistence());
        reader.connect();
        reader.subscribe("camera/+", 1, (topic, message) -> {
            if (topic.equals("camera/last")) {
                last.countDown();
            } else {
                got.put(topic, message + ", marked: " + message.isRetained());
            }
        });
        writer.publish("camera/last", "".getBytes(), 1, false);
        if (!last.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no message within 30 s");
        }
        reader.disconnect();
        reader.close();
        return got;
    }
}
JAVA
echo "Moquette 0.17, Paho 1.2.5"
java -cp "$(cat classpath)" Retained.java
