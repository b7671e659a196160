#!/usr/bin/env bash
# What:      org.apache.kafka:kafka-clients and kafka_2.13 4.1.2 (a real broker, one node, KRaft),
#            Consumer.currentLag(partition).
# Guess:     it tells how far the consumer is behind the end of the partition at the time of the call, as one expects of
#            a lag metric. For a consumer that polls now and then it would at least be right after each poll that
#            returns records.
# Behaviour: it counts against the end offset that came with the last fetch of that partition. As long as poll() serves
#            records that were fetched before, no fetch is sent, and the lag only falls, whatever is written in the
#            meantime.
# Matters:   a stage that processes 8 MiB fetches in small batches shows a lag that shrinks while the partition grows.
#            Ask the broker: Consumer.endOffsets or Admin.listOffsets.
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
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.1.2</version></dependency>
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
java -cp "$classpath" kafka.tools.StorageTool format -t "$(python3 -c 'import base64,uuid; print("A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22])')" -c server.properties > format.log
java -Xmx512m -cp "$classpath" kafka.Kafka server.properties > broker.log 2>&1 &
broker=$!

cat > CurrentLag.java <<'JAVA'
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

class CurrentLag {
    static final TopicPartition PARTITION = new TopicPartition("frames", 0);

    public static void main(String[] args) throws Exception {
        Map<String, Object> address = Map.of("bootstrap.servers", args[0]);
        try (Admin admin = Admin.create(new HashMap<>(address))) {
            admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
        }
        Map<String, Object> settings = new HashMap<>(address);
        settings.put("max.poll.records", 16);
        settings.put("auto.offset.reset", "earliest");
        try (var producer = new KafkaProducer<>(new HashMap<>(address), new ByteArraySerializer(), new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            write(producer, 1_000);
            consumer.assign(List.of(PARTITION));
            poll(consumer);
            long before = consumer.currentLag(PARTITION).getAsLong();
            write(producer, 20_000);
            poll(consumer);
            long said = consumer.currentLag(PARTITION).getAsLong();
            long real = consumer.endOffsets(List.of(PARTITION)).get(PARTITION) - consumer.position(PARTITION);
            System.out.println("after 1,000 records and one poll: currentLag " + before);
            System.out.println("after 20,000 more and another poll: currentLag " + said + ", end minus position " + real);
            if (before != 984 || said != 968 || real != 20_968) {
                System.out.println("CHANGED");
                System.exit(1);
            }
        }
    }

    static void write(Producer<byte[], byte[]> producer, int records) {
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>("frames", 0, null, new byte[100]));
        }
        producer.flush();
    }

    static void poll(Consumer<byte[], byte[]> consumer) {
        while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {}
    }
}
JAVA
for _ in $(seq 60); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.5
done
echo "kafka-clients and kafka_2.13 4.1.2"
timeout 120 java -cp "$classpath" CurrentLag.java "127.0.0.1:$port"
