#!/usr/bin/env bash
# What:      npm @platformatic/kafka 1.35.0 and Go module github.com/segmentio/kafka-go v0.4.51, beside npm kafkajs 2.2.4
#            and org.apache.kafka:kafka-clients 4.1.2, on a real broker (kafka_2.13 4.1.2, one node, KRaft): the timestamp
#            of records in a topic with message.timestamp.type=LogAppendTime.
# Guess:     the broker's time of append, as Java's client has it: that is what the setting is for.
# Behaviour: the two give the producer's time, which such a topic is to ignore. The broker leaves it in the records, sets
#            a bit of the batch and its largest timestamp, and these clients do not look at the bit.
# Matters:   a camera whose clock is an hour late makes events an hour late for such a subscriber, in a topic that is set
#            up so that no clock but the broker's counts; windows and "older than" rules drop or keep the wrong ones.
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

cat > Write.java <<'JAVA'
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

class Write {
    public static void main(String[] args) throws Exception {
        Map<String, Object> address = Map.of("bootstrap.servers", args[0], "auto.offset.reset", "earliest");
        TopicPartition partition = new TopicPartition("frames", 0);
        try (Admin admin = Admin.create(address)) {
            NewTopic topic = new NewTopic("frames", 1, (short) 1).configs(Map.of("message.timestamp.type", "LogAppendTime"));
            admin.createTopics(List.of(topic)).all().get();
            admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all().get();
        }
        long anHourAgo = System.currentTimeMillis() - 3_600_000;
        try (var producer = new KafkaProducer<>(new HashMap<>(address), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("frames", 0, anHourAgo, "lobby", "frame")).get();
        }
        try (var consumer = new KafkaConsumer<>(new HashMap<>(address), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            var records = consumer.poll(java.time.Duration.ofSeconds(30));
            System.out.println("written " + anHourAgo);
            System.out.println("kafka-clients " + records.iterator().next().timestamp());
        }
    }
}
JAVA

npm init --yes > npm.log
npm install --no-audit --no-fund @platformatic/kafka@1.35.0 kafkajs@2.2.4 >> npm.log 2>&1
cat > read.mjs <<'JS'
import { Consumer } from '@platformatic/kafka';
import kafkajs from 'kafkajs';

const broker = process.argv[2];
const consumer = new Consumer({ clientId: 'finding', groupId: 'one', bootstrapBrokers: [broker] });
for await (const message of await consumer.consume({ topics: ['frames'], mode: 'earliest', autocommit: false })) {
  console.log('@platformatic/kafka', String(message.timestamp));
  break;
}
await consumer.close(true);
const other = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).consumer({ groupId: 'two' });
await other.connect();
await other.subscribe({ topic: 'frames', fromBeginning: true });
await other.run({
  eachMessage: async ({ message }) => {
    console.log('kafkajs', message.timestamp);
    process.exit(0);
  },
});
JS

cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

func main() {
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{os.Args[1]}, Topic: "frames", Partition: 0})
	deadline, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	message, err := reader.ReadMessage(deadline)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("kafka-go", message.Time.UnixMilli())
}
GO
export GOFLAGS=-modcacherw GOPATH="$dir/go" GOCACHE="$dir/gocache"
go mod init finding > go.log 2>&1
go get github.com/segmentio/kafka-go@v0.4.51 >> go.log 2>&1
go build -o reader . >> go.log 2>&1

echo "@platformatic/kafka 1.35.0, kafka-go v0.4.51, kafkajs 2.2.4, kafka-clients and kafka_2.13 4.1.2"
{
    java -cp "$classpath" Write.java "127.0.0.1:$port"
    timeout 60 node read.mjs "127.0.0.1:$port"
    timeout 60 ./reader "127.0.0.1:$port"
} | tee read.txt
python3 - <<'PY'
at = {name: int(millis) for name, millis in map(str.split, open("read.txt"))}
late = {name for name, millis in at.items() if millis == at["written"]} - {"written"}
right = {name for name, millis in at.items() if millis - at["written"] >= 3_600_000}
as_described = late == {"@platformatic/kafka", "kafka-go"} and right == {"kafka-clients", "kafkajs"}
print("As described." if as_described else "CHANGED")
raise SystemExit(0 if as_described else 1)
PY
