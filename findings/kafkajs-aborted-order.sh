#!/usr/bin/env bash
# What:      npm kafkajs 2.2.4, a consumer as it comes (its readUncommitted is false), beside
#            org.apache.kafka:kafka-clients 4.1.2, on a real broker (kafka_2.13 4.1.2, one node, KRaft).
# Guess:     KafkaJS has documented transactions for years: its consumers deliver no record of an aborted transaction.
# Behaviour: where aborted transactions of two producers overlap in a partition, records of the one that began first and
#            ended last are delivered. A broker lists aborted transactions in the order in which they ended, and KafkaJS
#            takes that for the order in which they began. Of one producer alone, every record is left out.
# Matters:   topics that several writers share (rejected records, answers to commands) show what was taken back, just
#            when things fail and are tried again. Drop events whose id you have seen.
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
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
PROPERTIES
java -cp "$classpath" kafka.tools.StorageTool format -t "$(python3 -c 'import base64,uuid; print("A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22])')" -c server.properties > format.log
java -Xmx512m -cp "$classpath" kafka.Kafka server.properties > broker.log 2>&1 &
broker=$!

cat > Write.java <<'JAVA'
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

/** Two transactions, one within the other, both aborted; then one that is committed. */
class Write {
    static final TopicPartition PARTITION = new TopicPartition("events", 0);

    public static void main(String[] args) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            admin.createTopics(List.of(new NewTopic("events", 1, (short) 1))).all().get();
            admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest())).all().get();
        }
        try (var outer = producer(args[0], "outer"); var inner = producer(args[0], "inner")) {
            outer.beginTransaction();
            write(outer, "outer-aborted");
            inner.beginTransaction();
            write(inner, "inner-aborted");
            inner.abortTransaction();
            awaitMarker(args[0], 3);
            outer.abortTransaction();
            awaitMarker(args[0], 4);
            outer.beginTransaction();
            write(outer, "last");
            outer.commitTransaction();
        }
        Map<String, Object> reading = Map.of(
                "bootstrap.servers", args[0], "isolation.level", "read_committed", "auto.offset.reset", "earliest");
        try (var consumer =
                new KafkaConsumer<>(new HashMap<>(reading), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            List<String> read = new ArrayList<>();
            while (consumer.position(PARTITION) < end) {
                consumer.poll(java.time.Duration.ofMillis(200)).forEach(r -> read.add(r.offset() + ":" + r.value()));
            }
            System.out.println("kafka-clients, read_committed: " + String.join(" ", read));
        }
    }

    private static KafkaProducer<String, String> producer(String broker, String name) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker, "transactional.id", name);
        var producer = new KafkaProducer<>(new HashMap<>(settings), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    /** The broker answers before it has written the marker that ends a transaction. */
    private static void awaitMarker(String broker, long end) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            while (admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest())).all().get().get(PARTITION).offset() < end) {
                Thread.sleep(50);
            }
        }
    }

    private static void write(KafkaProducer<String, String> producer, String text) throws Exception {
        producer.send(new ProducerRecord<>("events", text)).get();
    }
}
JAVA

npm init --yes > npm.log
npm install --no-audit --no-fund kafkajs@2.2.4 >> npm.log 2>&1
cat > read.js <<'JS'
const { Kafka, logLevel } = require('kafkajs');

(async () => {
  const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: 'finding' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'events', fromBeginning: true });
  const read = await new Promise(resolve => {
    const messages = [];
    consumer.run({
      eachMessage: async ({ message }) => {
        messages.push(`${message.offset}:${message.value}`);
        if (message.value.toString() === 'last') resolve(messages);
      },
    });
  });
  console.log('kafkajs, readUncommitted: false:', read.join(' '));
  await consumer.disconnect();
  const asDescribed = read.join(' ') === '0:outer-aborted 4:last';
  console.log(asDescribed ? 'As described.' : 'CHANGED');
  process.exit(asDescribed ? 0 : 1);
})();
JS

echo "kafkajs 2.2.4, kafka-clients and kafka_2.13 4.1.2, node $(node --version)"
java -cp "$classpath" Write.java "127.0.0.1:$port"
timeout 90 node read.js "127.0.0.1:$port"
