#!/usr/bin/env bash
# What:      org.apache.kafka:kafka-clients and kafka_2.13 4.3.0 (a real broker, one node, KRaft),
#            KafkaShareConsumer.poll() with max.poll.records.
# Guess:     it returns at most max.poll.records records, as KafkaConsumer's does, however the producer batched them.
# Behaviour: it returns whole batches of the producer: with max.poll.records=10, all 1,000 records of one. Only
#            share.acquire.mode=record_limit makes it a limit; the default is batch_optimized.
# Matters:   a subscriber in a share group has 30 s (share.record.lock.duration.ms) to acknowledge all that a poll
#            returned, or others get it too. Who counts on ten events at a time, a second of work each, does not have
#            time for a batch of identity events of a crowd. Set share.acquire.mode=record_limit.
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
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.0</version></dependency>
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
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
PROPERTIES
java -cp "$classpath" kafka.tools.StorageTool format -t "$(python3 -c 'import base64,uuid; print("A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22])')" -c server.properties > format.log
java -Xmx512m -cp "$classpath" kafka.Kafka server.properties > broker.log 2>&1 &
broker=$!

cat > PollRecords.java <<'JAVA'
import java.time.Duration;
import java.util.*;
import java.util.function.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;

class PollRecords {
    static final int RECORDS = 1_000;
    static final int MOST = 10;

    public static void main(String[] args) throws Exception {
        Map<String, Object> address = Map.of("bootstrap.servers", args[0]);
        try (Admin admin = Admin.create(new HashMap<>(address))) {
            admin.createTopics(List.of(new NewTopic("events", 1, (short) 1))).all().get();
            for (String group : List.of("default", "limited")) {
                admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.GROUP, group),
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("share.auto.offset.reset", "earliest"),
                                        AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
            }
        }
        Map<String, Object> settings = new HashMap<>(address);
        settings.put("linger.ms", 5_000);
        settings.put("batch.size", 1 << 20);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("events", 0, null, new byte[100]));
            }
        }

        Map<String, Object> reader = new HashMap<>(address);
        reader.put("max.poll.records", MOST);
        reader.put("auto.offset.reset", "earliest");
        int ordinary;
        try (var consumer = new KafkaConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition("events", 0)));
            ordinary = first(() -> consumer.poll(Duration.ofMillis(200)).count());
        }
        int shared = share(address, "default", Map.of());
        int limited = share(address, "limited", Map.of("share.acquire.mode", "record_limit"));
        System.out.println("one batch of " + RECORDS + " records, max.poll.records=" + MOST + ", first poll:");
        System.out.println("KafkaConsumer " + ordinary);
        System.out.println("KafkaShareConsumer " + shared);
        System.out.println("KafkaShareConsumer with share.acquire.mode=record_limit " + limited);
        if (ordinary != MOST || shared != RECORDS || limited != MOST) {
            System.out.println("CHANGED");
            System.exit(1);
        }
    }

    static int share(Map<String, Object> address, String group, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(address);
        settings.put("group.id", group);
        settings.put("max.poll.records", MOST);
        settings.putAll(more);
        try (var consumer = new KafkaShareConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("events"));
            return first(() -> consumer.poll(Duration.ofMillis(200)).count());
        }
    }

    static int first(IntSupplier poll) {
        int count = 0;
        while (count == 0) {
            count = poll.getAsInt();
        }
        return count;
    }
}
JAVA
for _ in $(seq 60); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.5
done
echo "kafka-clients and kafka_2.13 4.3.0"
timeout 120 java -cp "$classpath" PollRecords.java "127.0.0.1:$port"
