#!/usr/bin/env bash
# What:      Go module github.com/segmentio/kafka-go v0.4.51, a Reader with IsolationLevel: ReadCommitted, beside
#            org.apache.kafka:kafka-clients 4.1.2, on a real broker (kafka_2.13 4.1.2, one node, KRaft).
# Guess:     as with Java's read_committed, the records of aborted transactions are left out, and the markers at the end
#            of transactions are never seen.
# Behaviour: the Reader delivers the records of aborted transactions as any other, and each marker as a message of its
#            own, with a value of 6 bytes. The setting only keeps it from reading past an open transaction.
# Matters:   whoever subscribes to topics that are written exactly once gets what was taken back, and messages that
#            nobody wrote, at which a parser fails. Use a client that filters (franz-go, librdkafka), or drop messages
#            without headers and ids that you have seen.
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

cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
)

func main() {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{os.Args[1]}, Topic: "events", Partition: 0,
		IsolationLevel: kafka.ReadCommitted, MaxWait: time.Second,
	})
	deadline, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	read := []string{}
	for {
		message, err := reader.ReadMessage(deadline)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		text := string(message.Value)
		if strings.HasPrefix(text, "\x00") {
			text = fmt.Sprintf("marker(%d bytes)", len(message.Value))
		}
		read = append(read, fmt.Sprintf("%d:%s", message.Offset, text))
		if text == "last" && message.Offset > 6 {
			break
		}
	}
	all := strings.Join(read, " ")
	fmt.Println("kafka-go, ReadCommitted:      ", all)
	if all != "0:committed 1:committed 2:marker(6 bytes) 3:aborted 4:aborted 5:marker(6 bytes) 6:last 7:last" {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("As described.")
}
GO
export GOFLAGS=-modcacherw GOPATH="$dir/go" GOCACHE="$dir/gocache"
go mod init finding > go.log 2>&1
go get github.com/segmentio/kafka-go@v0.4.51 >> go.log 2>&1
go build -o reader . >> go.log 2>&1
echo "kafka-go v0.4.51, kafka-clients and kafka_2.13 4.1.2, $(go version)"
java -cp "$classpath" Write.java "127.0.0.1:$port" committed aborted last
timeout 60 ./reader "127.0.0.1:$port"
