#!/usr/bin/env bash
# What:      npm @platformatic/kafka 1.35.0, a consumer with its default isolation level, READ_COMMITTED, beside
#            org.apache.kafka:kafka-clients 4.1.2, on a real broker (kafka_2.13 4.1.2, one node, KRaft).
# Guess:     records of aborted transactions are not delivered, whatever came before or after them.
# Behaviour: of the aborted transactions of one producer in one fetch it knows the last one only: the records of all
#            earlier ones are delivered as if they were committed. With one aborted transaction a fetch all is well, so
#            that a test of the setting passes.
# Matters:   a stage that fails, and tries again, aborts several times in a row: a subscriber counts each attempt's
#            events, and acts on them, once more. Nothing tells the difference. Drop events whose id you have seen.
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

/** Writes a transaction of two records for each word, and aborts it if the word is "aborted". */
class Write {
    public static void main(String[] args) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", args[0], "transactional.id", "writer"));
        TopicPartition partition = new TopicPartition("events", 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            admin.createTopics(List.of(new NewTopic("events", 1, (short) 1))).all().get();
            admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all().get();
        }
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (int i = 1; i < args.length; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("events", args[i]));
                producer.send(new ProducerRecord<>("events", args[i])).get();
                if (args[i].equals("aborted")) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        Map<String, Object> reading = new HashMap<>(Map.of(
                "bootstrap.servers", args[0], "isolation.level", "read_committed", "auto.offset.reset", "earliest"));
        try (var consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            StringBuilder read = new StringBuilder();
            while (consumer.position(partition) < end) {
                consumer.poll(java.time.Duration.ofMillis(200)).forEach(r -> read.append(" ").append(r.offset()).append(":").append(r.value()));
            }
            System.out.println("kafka-clients, read_committed:" + read);
        }
    }
}
JAVA

npm init --yes > npm.log
npm install --no-audit --no-fund @platformatic/kafka@1.35.0 >> npm.log 2>&1
cat > read.mjs <<'JS'
import { Consumer, stringDeserializers } from '@platformatic/kafka';

const consumer = new Consumer({
  clientId: 'finding', groupId: 'finding', bootstrapBrokers: [process.argv[2]], deserializers: stringDeserializers,
});
const stream = await consumer.consume({ topics: ['events'], mode: 'earliest', autocommit: false });
const read = [];
for await (const message of stream) {
  read.push(`${message.offset}:${message.value}`);
  if (message.value === 'last') break;
}
console.log('@platformatic/kafka, READ_COMMITTED:', read.join(' '));
await consumer.close(true);
const aborted = read.filter(one => one.endsWith(':aborted')).join(' ');
const asDescribed = aborted === '3:aborted 4:aborted';
console.log(asDescribed ? 'As described.' : 'CHANGED');
process.exit(asDescribed ? 0 : 1);
JS

echo "@platformatic/kafka 1.35.0, kafka-clients and kafka_2.13 4.1.2, node $(node --version)"
java -cp "$classpath" Write.java "127.0.0.1:$port" committed aborted committed aborted last
timeout 60 node read.mjs "127.0.0.1:$port"
