#!/usr/bin/env bash
# What:      org.apache.kafka:kafka-clients and kafka_2.13 4.1.2 (a real broker, one node, KRaft): the first records of
#            an idempotent producer, with default settings but for shorter timeouts (20 and 10 s), to a topic that
#            was created a moment ago and of which Admin.describeTopics names a leader for each partition.
# Guess:     a partition with a leader takes records. Should the leader need a moment more, then retries are what
#            idempotence is for: everything arrives in order within a second.
# Behaviour: the leader is named before it has opened its log, and answers NOT_LEADER_OR_FOLLOWER until then. A second
#            request that is in flight meanwhile may find the log open, and becomes the beginning of the producer's
#            sequence there, though its number is not 0. The first one is refused from then on as out of order, and
#            fails with that or with its delivery timeout: it is lost, while the partition takes all later records.
# Matters:   the first frames of a camera on a new topic are lost, some after two minutes of silence (the default). Wait
#            until Admin.listOffsets answers for each partition: it needs the open log.
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

cat > NewTopic300.java <<'JAVA'
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.*;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.*;

class NewTopic300 {
    static final int PARTITIONS = 300;
    static final int ROUNDS = 10;

    public static void main(String[] args) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", args[0], "delivery.timeout.ms", 20_000, "request.timeout.ms", 10_000);
        int lost = 0;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]));
                var producer = new KafkaProducer<>(
                        new HashMap<>(settings), new ByteArraySerializer(), new ByteArraySerializer())) {
            boolean listed = args.length > 1;
            String first = listed ? "first-listed" : "first";
            create(admin, first, 1);
            producer.send(new ProducerRecord<>(first, 0, null, new byte[1])).get();
            for (int attempt = 0; attempt < 3 && lost == 0; attempt++) {
                lost = lost(admin, producer, (listed ? "listed-" : "frames-") + attempt, listed);
            }
        }
        System.out.println(
                "partitions of " + PARTITIONS + " that lost their first record and stored a later one: " + lost);
        System.exit(lost > 0 == args.length < 2 ? 0 : 1);
    }

    static int lost(Admin admin, Producer<byte[], byte[]> producer, String topic, boolean listed) throws Exception {
        create(admin, topic, PARTITIONS);
        if (listed) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (int p = 0; p < PARTITIONS; p++) {
                ends.put(new TopicPartition(topic, p), OffsetSpec.latest());
            }
            admin.listOffsets(ends).all().get();
        }
        List<List<Future<RecordMetadata>>> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int p = 0; p < PARTITIONS; p++) {
                sent.add(producer.send(new ProducerRecord<>(topic, p, null, new byte[] {(byte) round})));
            }
            rounds.add(sent);
            Thread.sleep(5);
        }
        int lost = 0;
        for (int p = 0; p < PARTITIONS; p++) {
            int stored = 0;
            for (int round = 1; round < ROUNDS; round++) {
                stored += isStored(rounds.get(round).get(p)) ? 1 : 0;
            }
            lost += !isStored(rounds.get(0).get(p)) && stored > 0 ? 1 : 0;
        }
        return lost;
    }

    static boolean isStored(Future<RecordMetadata> record) throws Exception {
        try {
            record.get();
            return true;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TimeoutException || e.getCause() instanceof OutOfOrderSequenceException)) {
                throw e;
            }
            return false;
        }
    }

    /** Returns when each partition has a leader. */
    static void create(Admin admin, String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
        while (true) {
            try {
                if (admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                        .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty())) {
                    return;
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
    }
}
JAVA
for _ in $(seq 60); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.5
done
echo "kafka-clients and kafka_2.13 4.1.2"
echo "as soon as describeTopics names all leaders:"
timeout 200 java -cp "$classpath" NewTopic300.java "127.0.0.1:$port" || { echo CHANGED; exit 1; }
echo "as soon as listOffsets has answered for all partitions:"
timeout 200 java -cp "$classpath" NewTopic300.java "127.0.0.1:$port" listed || { echo CHANGED; exit 1; }
