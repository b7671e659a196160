#!/usr/bin/env bash
# What:      npm cloudevents 10.0.0, Kafka.binary(event) and Kafka.toEvent(message), and npm kafkajs 2.2.4, on a real
#            broker (org.apache.kafka:kafka_2.13 4.1.2, one node, KRaft).
# Guess:     KafkaJS sends the message that the SDK makes of an event with the attributes that must be there and a
#            content type, and the SDK makes an event of the message that KafkaJS reads.
# Behaviour: neither. The message has headers of value undefined for each optional attribute that the event lacks
#            (ce_subject, ce_dataschema, ...), at the first of which KafkaJS throws. Without these it is sent, with the
#            content type twice: also as ce_datacontenttype, against the Kafka binding of CloudEvents 1.0.2 (3.2.1).
#            KafkaJS reads headers as Buffers; toEvent takes them for strings and throws. As strings they are an event.
# Matters:   publishers of camera frames in JavaScript drop what is undefined, subscribers turn headers into strings
#            first; who reads others' events must not fail at an attribute that the binding does not have.
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
npm install --no-audit --no-fund cloudevents@10.0.0 kafkajs@2.2.4 >> npm.log 2>&1
cat > send.js <<'JS'
const { CloudEvent, Kafka: binding } = require('cloudevents');
const { Kafka, logLevel, Partitioners } = require('kafkajs');

(async () => {
  const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'camera-frames', numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();

  const message = binding.binary(new CloudEvent({
    type: 'io.example.frame.v1', source: '/cameras/lobby', partitionkey: 'lobby',
    datacontenttype: 'image/jpeg', data: Buffer.from('ffd8ffe0', 'hex'),
  }));
  const missing = Object.keys(message.headers).filter(name => message.headers[name] === undefined);
  console.log('headers of value undefined:', missing.join(' '));
  const send = headers => producer.send({
    topic: 'camera-frames', messages: [{ key: message.key, value: message.value, headers }],
  }).then(() => 'sent', error => error.name + ': ' + error.message);

  const asItComes = await send(message.headers);
  console.log('as it comes:', asItComes);
  const rest = Object.fromEntries(Object.entries(message.headers).filter(([, value]) => value !== undefined));
  const withoutThem = await send(rest);
  console.log('without these:', withoutThem);
  console.log('content type in:', Object.keys(rest).filter(name => rest[name] === 'image/jpeg').join(' '));
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId: 'finding' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'camera-frames', fromBeginning: true });
  const read = await new Promise(resolve => consumer.run({ eachMessage: async ({ message }) => resolve(message) }));
  await consumer.disconnect();
  const parse = headers => {
    try {
      return binding.toEvent({ ...read, headers }).source;
    } catch (error) {
      return error.name + ': ' + error.message;
    }
  };
  const asRead = parse(read.headers);
  console.log('toEvent, as it is read:', asRead);
  const strings = Object.fromEntries(Object.entries(read.headers).map(([name, value]) => [name, value.toString()]));
  const asStrings = parse(strings);
  console.log('toEvent, headers as strings:', asStrings);

  const asDescribed = missing.includes('ce_subject') && asItComes.includes('Received undefined')
    && withoutThem === 'sent' && rest['content-type'] === 'image/jpeg' && rest.ce_datacontenttype === 'image/jpeg'
    && asRead.startsWith('TypeError') && asStrings === '/cameras/lobby';
  console.log(asDescribed ? 'As described.' : 'CHANGED');
  process.exit(asDescribed ? 0 : 1);
})();
JS
for i in $(seq 60); do grep -q "Kafka Server started" broker.log && break; sleep 1; done
echo "cloudevents 10.0.0, kafkajs 2.2.4, kafka_2.13 4.1.2, node $(node --version)"
node send.js "127.0.0.1:$port"
