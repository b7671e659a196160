#!/usr/bin/env bash
# What:      org.apache.kafka:kafka-clients 4.4.0 on a real broker (kafka_2.13 4.4.0, one node, KRaft):
#            subscribe(new SubscriptionPattern(".*")) of the new protocol (group.protocol=consumer), with
#            exclude.internal.topics=true, which is the default.
# Guess:     internal topics are left out, as subscribe(Pattern.compile(".*")) does: the setting says that it excludes
#            those that match a subscribed pattern.
# Behaviour: they are not. The broker matches such a pattern, and does not know of the setting. The consumer gets the
#            records of __consumer_offsets among those of the cameras, and feeds itself: each of its commits writes
#            there what it then reads and commits again, with nobody else on the cluster. The older pattern, with either
#            protocol, leaves them out.
# Matters:   what stores or counts "all topics" takes foreign binary records for frames, and never comes to rest. Begin
#            the pattern with what the names have in common.
set -euo pipefail
dir=$(mktemp -d)
broker=""
cleanup() { [ -z "$broker" ] || { kill "$broker" 2>/dev/null || true; wait "$broker" 2>/dev/null || true; }; rm -rf "$dir"; }
trap cleanup EXIT
cd "$dir"

cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath
classpath=$(cat classpath)

read -r port controller < <(python3 - <<'PY'
import socket
sockets = [socket.socket() for _ in range(2)]
for s in sockets:
    s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))
PY
)
cat > server.properties <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
log.dirs=$dir/log
offsets.topic.replication.factor=1
PROPERTIES
java -cp "$classpath" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c server.properties > format.log
java -Xmx512m -cp "$classpath" kafka.Kafka server.properties > broker.log 2>&1 &
broker=$!

cat > Internal.java <<'JAVA'
import java.time.Duration;
import java.util.*;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;

public class Internal {
    static String broker;

    /** How many records came of each topic, until enough came of one or, with all frames here, for ten polls more. */
    static Map<String, Integer> counts(String protocol, Consumer<KafkaConsumer<byte[], byte[]>> subscribe) {
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", broker, "group.id", UUID.randomUUID().toString(),
                "group.protocol", protocol, "auto.offset.reset", "earliest", "exclude.internal.topics", "true",
                "auto.commit.interval.ms", "500");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            subscribe.accept(consumer);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            for (int rest = 10; rest > 0 && System.nanoTime() < end; ) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    counts.merge(record.topic(), 1, Integer::sum);
                }
                boolean all = counts.getOrDefault("frames-door", 0) + counts.getOrDefault("frames-yard", 0) == 2;
                boolean fed = counts.getOrDefault("__consumer_offsets", 0) > 0;
                if (counts.getOrDefault("__consumer_offsets", 0) > 1000) {
                    break;
                }
                rest -= all && !fed ? 1 : 0;
            }
        }
        return counts;
    }

    public static void main(String[] arguments) throws Exception {
        broker = arguments[0];
        System.out.println("kafka-clients and broker 4.4.0");
        try (var producer = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", broker),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String camera : List.of("door", "yard")) {
                producer.send(new ProducerRecord<>("frames-" + camera, new byte[] {1})).get(60, TimeUnit.SECONDS);
            }
        }
        Map<String, Integer> frames = Map.of("frames-door", 1, "frames-yard", 1);
        for (String protocol : List.of("classic", "consumer")) {
            var counts = counts(protocol, consumer -> consumer.subscribe(Pattern.compile(".*")));
            System.out.println(protocol + " protocol, Pattern: " + counts);
            check(counts.equals(frames));
        }
        var some = counts("consumer", consumer -> consumer.subscribe(new SubscriptionPattern("frames-.*")));
        System.out.println("consumer protocol, SubscriptionPattern(\"frames-.*\"): " + some);
        check(some.equals(frames));
        var all = counts("consumer", consumer -> consumer.subscribe(new SubscriptionPattern(".*")));
        System.out.println("consumer protocol, SubscriptionPattern(\".*\"), until 1,000 are internal: " + all);
        check(all.getOrDefault("__consumer_offsets", 0) > 1000);
        System.out.println("As described: internal topics are read, though they are excluded.");
    }

    static void check(boolean asDescribed) {
        if (!asDescribed) {
            System.out.println("CHANGED");
            System.exit(1);
        }
    }
}
JAVA
timeout 170 java -cp "$classpath" Internal.java "127.0.0.1:$port"
