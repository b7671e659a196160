#!/usr/bin/env bash
# What:      org.apache.kafka:kafka-streams 4.1.2 on a real broker (kafka_2.13 4.1.2, one node, KRaft),
#            ProcessingContext.currentSystemTimeMs() inside Processor.init().
# Guess:     it is the wall clock, as its documentation says: the time at which init() is called, so that a processor
#            may note since when it runs, or when it restored something.
# Behaviour: it is 0, the beginning of 1970, until the task has processed its first record or punctuation. From then on
#            it is the time of that step. Each time a task is handed to another instance it begins with 0 again.
# Matters:   a time-out that is counted from init() is over at the first punctuation after each rebalance: what was
#            restored is thrown away as if it had been silent for 50 years. Take the time in process() or in the
#            punctuator, or System.currentTimeMillis().
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
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-streams</artifactId><version>4.1.2</version></dependency>
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

cat > InitClock.java <<'JAVA'
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.processor.api.*;
import org.apache.kafka.streams.processor.api.Record;

class InitClock {
    static final CompletableFuture<Long> IN_INIT = new CompletableFuture<>();
    static final CompletableFuture<Long> IN_PROCESS = new CompletableFuture<>();

    static class Clock implements Processor<byte[], byte[], Void, Void> {
        ProcessorContext<Void, Void> context;

        @Override
        public void init(ProcessorContext<Void, Void> of) {
            context = of;
            IN_INIT.complete(of.currentSystemTimeMs());
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            IN_PROCESS.complete(context.currentSystemTimeMs());
        }
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> address = Map.of("bootstrap.servers", args[0]);
        try (Admin admin = Admin.create(new HashMap<>(address))) {
            admin.createTopics(List.of(new NewTopic("frames", 1, (short) 1))).all().get();
        }
        long began = System.currentTimeMillis();
        try (var producer = new KafkaProducer<>(new HashMap<>(address), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("frames", new byte[] {1})).get();
        }
        Properties settings = new Properties();
        settings.put("bootstrap.servers", args[0]);
        settings.put("application.id", "clock");
        settings.put("auto.offset.reset", "earliest");
        settings.put("state.dir", args[1]);
        Topology topology = new Topology();
        topology.addSource("frames", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "frames");
        topology.addProcessor("clock", Clock::new, "frames");
        long inInit;
        long inProcess;
        try (KafkaStreams streams = new KafkaStreams(topology, settings)) {
            streams.start();
            inInit = IN_INIT.get(90, TimeUnit.SECONDS);
            inProcess = IN_PROCESS.get(90, TimeUnit.SECONDS);
        }
        System.out.println("currentSystemTimeMs() in init(): " + inInit);
        System.out.println("in process(), after the start of this program: " + (inProcess >= began));
        if (inInit != 0 || inProcess < began) {
            System.out.println("CHANGED");
            System.exit(1);
        }
    }
}
JAVA
for _ in $(seq 60); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.5
done
echo "kafka-streams and kafka_2.13 4.1.2"
timeout 120 java -cp "$classpath" InitClock.java "127.0.0.1:$port" "$dir/state"
