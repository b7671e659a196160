#!/usr/bin/env bash
# What:      org.apache.kafka:kafka-clients 4.1.2 on a real broker (kafka_2.13 4.1.2, one node, KRaft): what a producer
#            is told that commits a transaction while another one takes over its transactional.id by initTransactions().
# Guess:     ProducerFencedException, as commitTransaction() documents it and as older versions have it, or the
#            transaction is committed, if it was first.
# Behaviour: most of those who lose get InvalidTxnStateException. The takeover aborts the transaction first, with the
#            next epoch, and takes the id in a second request some 20 ms later. In between the broker takes the commit
#            for one that comes again after its answer was lost (KIP-890, transaction.version 2), and says that this
#            state has no commit. Only later the answer is ProducerFencedException.
# Matters:   who takes that for a passing error makes a new producer, as one does after those, and calls
#            initTransactions(): the former owner fences its successor, which has done nothing wrong.
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

cat > Takeover.java <<'JAVA'
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;

class Takeover {
    static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", args[0]));
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
        }
        ExecutorService other = Executors.newSingleThreadExecutor();
        Map<String, Integer> seen = new TreeMap<>();
        for (int i = 0; i < 120; i++) {
            settings.put("transactional.id", "camera-" + i);
            try (var former = producer(settings);
                    var successor = producer(settings)) {
                former.initTransactions();
                former.beginTransaction();
                former.send(new ProducerRecord<>("frames", new byte[1])).get();
                Future<?> takeover = other.submit(successor::initTransactions);
                Thread.sleep(i % 40 * 5);
                String told;
                try {
                    former.commitTransaction();
                    told = "committed";
                } catch (Exception e) {
                    told = e.getClass().getSimpleName();
                    if (told.equals("InvalidTxnStateException") && !seen.containsKey(told)) {
                        System.out.println(e.getMessage());
                    }
                }
                takeover.get();
                seen.merge(told, 1, Integer::sum);
                former.close(Duration.ZERO);
            }
        }
        other.shutdown();
        System.out.println(seen);
    }
}
JAVA
for _ in $(seq 60); do
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 1
done
java -cp "$classpath" Takeover.java "127.0.0.1:$port" 2> errors | tee told

# The output of the first run:
# The producer attempted a transactional operation in an invalid state.
# {InvalidTxnStateException=51, KafkaException=1, ProducerFencedException=3, committed=65}
grep -q 'InvalidTxnStateException=' told
echo "seen: a producer that is being fenced is told of an invalid state"
