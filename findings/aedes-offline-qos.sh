#!/usr/bin/env bash
# What:      npm aedes 1.2.0 (an MQTT 3.1.1 broker), with npm mqtt 5.16.0 as its clients. A client with a session
#            that lasts subscribes with QoS 1. Two messages are published with QoS 2, one of them while it is away.
# Guess:     both come with QoS 1: the broker granted 1, and that is the most it may send by (MQTT 3.1.1, 3.8.4).
# Behaviour: the first comes with QoS 1, and the one that waited for its return with QoS 2.
# Matters:   a small client that asks for QoS 1 since it has no QoS 2 meets it after its first cut of the network. It
#            has to answer by a handshake that it does not know. Publish with QoS 1.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-fund --no-audit aedes@1.2.0 mqtt@5.16.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > qos.mjs <<'JS'
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { Aedes } from "aedes";
import mqtt from "mqtt";

const version = name => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("aedes", version("aedes"), "mqtt", version("mqtt"));
const broker = await Aedes.createBroker();
const server = createServer(broker.handle);
await once(server.listen(0, "127.0.0.1"), "listening");
const late = setTimeout(() => { throw new Error("a message did not come"); }, 30000);

async function connect(clientId) {
  const client = mqtt.connect(
    { host: "127.0.0.1", port: server.address().port, clientId, clean: false, reconnectPeriod: 0 });
  const message = once(client, "message")
    .then(([, payload, packet]) => ({ text: payload.toString(), qos: packet.qos }));
  await once(client, "connect");
  return { client, message };
}

const camera = await connect("camera");
const present = await connect("door");
const [granted] = await present.client.subscribeAsync("faces", { qos: 1 });
await camera.client.publishAsync("faces", "while connected", { qos: 2 });
const first = await present.message;
await present.client.endAsync();
await camera.client.publishAsync("faces", "while away", { qos: 2 });
const returned = await connect("door");
const second = await returned.message;
clearTimeout(late);
console.log(`granted: QoS ${granted.qos}`);
for (const { text, qos } of [first, second]) console.log(`published with QoS 2 ${text}: comes with QoS ${qos}`);
const asDescribed = granted.qos === 1 && first.qos === 1 && first.text === "while connected"
  && second.qos === 2 && second.text === "while away";
console.log(asDescribed ? "As described." : "CHANGED");
process.exit(asDescribed ? 0 : 1);
JS
node qos.mjs
