#!/usr/bin/env bash
# What:      npm @platformatic/kafka 1.35.0, its producer's default partitioner, beside org.apache.kafka:kafka-clients
#            4.1.2 and npm kafkajs 2.2.4, on a real broker (kafka_2.13 4.1.2, one node, KRaft).
# Guess:     a key goes where Java's producer puts it, as with KafkaJS: the same murmur2 hash, the same partition.
# Behaviour: the hash is the same, but where Java clears its sign bit, this client takes all 32 bits as a number without
#            sign. Half of the keys have that bit. With 6 partitions they end up two further; with 4 or 64, or any power
#            of two, the clients agree, since 2^31 is a multiple of it.
# Matters:   frames of one camera that are published by two kinds of client lie in two partitions, so that their order
#            is lost, and whoever looks for a key in the partition that Java computes does not find it. It shows only
#            with some keys and some numbers of partitions. Give the partition, or a partitioner, yourself.
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

npm init --yes > npm.log
npm install --no-audit --no-fund @platformatic/kafka@1.35.0 kafkajs@2.2.4 >> npm.log 2>&1
cat > produce.mjs <<'JS'
import { Producer } from '@platformatic/kafka';
import kafkajs from 'kafkajs';

const [broker, topic, ...keys] = process.argv.slice(2);
const platformatic = new Producer({ clientId: 'finding', bootstrapBrokers: [broker] });
const other = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).producer({
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
});
await other.connect();
for (const key of keys) {
  const { offsets } = await platformatic.send({ messages: [{ topic, key: Buffer.from(key), value: Buffer.from('1') }] });
  const [{ partition }] = await other.send({ topic, messages: [{ key, value: '1' }] });
  console.log(`${topic} ${key} ${offsets[0].partition} ${partition}`);
}
await platformatic.close();
await other.disconnect();
JS
cat > Produce.java <<'JAVA'
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

class Produce {
    public static void main(String[] args) throws Exception {
        Map<String, Object> address = Map.of("bootstrap.servers", args[0]);
        int partitions = Integer.parseInt(args[2]);
        try (Admin admin = Admin.create(address)) {
            admin.createTopics(List.of(new NewTopic(args[1], partitions, (short) 1))).all().get();
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int i = 0; i < partitions; i++) {
                latest.put(new TopicPartition(args[1], i), OffsetSpec.latest());
            }
            admin.listOffsets(latest).all().get();
        }
        try (var producer = new KafkaProducer<>(new HashMap<>(address), new StringSerializer(), new StringSerializer())) {
            for (String key : Arrays.copyOfRange(args, 3, args.length)) {
                var written = producer.send(new ProducerRecord<>(args[1], key, "1")).get();
                System.out.println(args[1] + " " + key + " " + written.partition());
            }
        }
    }
}
JAVA

keys=(lobby gate garage stairs yard camera-1 camera-2 camera-3)
for partitions in 6 4; do
    java -cp "$classpath" Produce.java "127.0.0.1:$port" "frames-$partitions" "$partitions" "${keys[@]}" >> java.txt
    node produce.mjs "127.0.0.1:$port" "frames-$partitions" "${keys[@]}" >> node.txt
done
echo "@platformatic/kafka 1.35.0, kafkajs 2.2.4, kafka-clients 4.1.2, node $(node --version)"
python3 - <<'PY'
java = {tuple(line.split()[:2]): int(line.split()[2]) for line in open("java.txt")}
other = {tuple(line.split()[:2]): [int(word) for word in line.split()[2:]] for line in open("node.txt")}
print("topic and key            Java  kafkajs  platformatic")
for key, partition in java.items():
    platformatic, kafkajs = other[key]
    print(f"{' '.join(key):25}{partition:4}{kafkajs:9}{platformatic:14}")
six = {key: (java[key], other[key][0]) for key in java if key[0] == "frames-6"}
four = {key: (java[key], other[key][0]) for key in java if key[0] == "frames-4"}
moved = [(a, b) for a, b in six.values() if a != b]
as_described = (
    all(other[key][1] == java[key] for key in java)
    and 0 < len(moved) < len(six)
    and all(b == (a + 2) % 6 for a, b in moved)
    and all(a == b for a, b in four.values())
)
print("As described." if as_described else "CHANGED")
raise SystemExit(0 if as_described else 1)
PY
