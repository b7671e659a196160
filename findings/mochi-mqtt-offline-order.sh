#!/usr/bin/env bash
# What:      the Go MQTT broker github.com/mochi-mqtt/server/v2 2.7.9 as it comes, with npm mqtt 5.16.0 as its clients.
#            A client with a lasting session is away while 30 messages of QoS 1 are published to one topic, half of them
#            at once, the other half a second later. Then it returns.
# Guess:     it gets them in the order in which they were published, as MQTT 3.1.1 (4.6) demands of every broker for the
#            messages of one topic, and as it did while it was connected.
# Behaviour: all 30 come, but those of one second in any order, since the broker sorts them by whole seconds. Each says
#            that it is a duplicate, though none was sent before. Who stays connected gets them in order.
# Matters:   "at home, away, at home" arrives as "away, at home, at home": the last state is chance. Only a short cut of
#            the network shows it. Put a number or a time into the message, and drop what is older than the last.
set -euo pipefail
dir=$(mktemp -d)
broker=""
cleanup() {
    [ -z "$broker" ] || { kill "$broker" 2> /dev/null || true; wait "$broker" 2> /dev/null || true; }
    rm -rf "$dir"
}
trap cleanup EXIT
cd "$dir"
npm install --silent --no-fund --no-audit mqtt@5.16.0 > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/auth"
	"github.com/mochi-mqtt/server/v2/listeners"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	server := mqtt.New(&mqtt.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	must(server.AddHook(new(auth.AllowHook), nil))
	must(server.AddListener(listeners.NewNet("tcp", socket)))
	must(server.Serve())
	fmt.Println(socket.Addr().(*net.TCPAddr).Port)
	select {}
}
GO
go mod init finding 2> go.log
go get github.com/mochi-mqtt/server/v2@v2.7.9 github.com/mochi-mqtt/server/v2/hooks/auth@v2.7.9 2>> go.log
go build -o broker . 2>> go.log || { cat go.log; exit 1; }
./broker > port &
broker=$!

cat > order.mjs <<'JS'
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import mqtt from "mqtt";

const MESSAGES = 30;
let port;
while (!(port = readFileSync("port", "utf8").trim())) await pause(50);
const version = JSON.parse(readFileSync("node_modules/mqtt/package.json", "utf8")).version;
console.log("mochi-mqtt", readFileSync("go.mod", "utf8").match(/mochi-mqtt\/server\/v2 v(\S+)/)[1], "mqtt", version);

async function connect(clientId) {
  const client = mqtt.connect({ host: "127.0.0.1", port: Number(port), clientId, clean: false, reconnectPeriod: 0 });
  const got = [];
  let complete;
  const all = new Promise(resolve => { complete = resolve; });
  client.on("message", (topic, payload, packet) => {
    got.push({ number: Number(payload), duplicate: packet.dup });
    if (got.length === MESSAGES) complete();
  });
  await once(client, "connect");
  return { client, got, all: () => Promise.race([all, pause(30000, null, { ref: false }).then(() => {
    throw new Error(`only ${got.length} came`);
  })]) };
}

const away = await connect("away");
await away.client.subscribeAsync("door", { qos: 1 });
await away.client.endAsync();
const present = await connect("present");
await present.client.subscribeAsync("door", { qos: 1 });
const camera = await connect("camera");
for (let number = 0; number < MESSAGES; number++) {
  if (number === MESSAGES / 2) await pause(1100);
  await camera.client.publishAsync("door", String(number), { qos: 1 });
}
await present.all();
const returned = await connect("away");
await returned.all();
const inOrder = got => got.every((message, i) => message.number === i);
const duplicates = got => got.filter(message => message.duplicate).length;
for (const [name, { got }] of Object.entries({ present, returned })) {
  console.log(`${name}: ${got.map(message => message.number).join(" ")}; marked as duplicates: ${duplicates(got)}`);
}
const complete = new Set(returned.got.map(message => message.number)).size === MESSAGES;
const bySecond = returned.got.slice(0, MESSAGES / 2).every(message => message.number < MESSAGES / 2);
const asDescribed = inOrder(present.got) && duplicates(present.got) === 0
  && complete && bySecond && !inOrder(returned.got) && duplicates(returned.got) === MESSAGES;
console.log(asDescribed ? "As described." : "CHANGED");
process.exit(asDescribed ? 0 : 1);
JS
node order.mjs
