#!/usr/bin/env bash
# What:      PyPI amqtt 0.12.1 (an MQTT 3.1.1 broker), with PyPI paho-mqtt 2.2.0 as its clients.
# Guess:     a retained message goes to a client once, when it subscribes to the topic, at the QoS that it asks for, as
#            MQTT 3.1.1 (3.3.1.3) has it. A client that has subscribed to nothing receives nothing.
# Behaviour: whoever connects, a new client too, receives at once the retained messages that match the subscriptions of
#            all other clients, at QoS 0, without having asked. Its own subscription then brings the same messages again.
# Matters:   states that are published as retained (who is at home) arrive twice after each connection, first at QoS 0:
#            an automation that acts on a message without looking at its retain flag acts twice, and a client that
#            expects only its own topics meets others. Look at topic and retain flag of each message.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check amqtt==0.12.1 paho-mqtt==2.2.0

cat > retained.py <<'PY'
import asyncio, logging, queue, socket, threading
import paho.mqtt.client as mqtt
from amqtt.broker import Broker

logging.disable(logging.CRITICAL)
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]


class Client:
    def __init__(self, name):
        self.got = queue.Queue()
        self.acknowledged = threading.Event()
        connected = threading.Event()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name)
        self.client.on_connect = lambda *_: connected.set()
        self.client.on_subscribe = lambda *_: self.acknowledged.set()
        self.client.on_message = lambda client, data, m: self.got.put((m.topic, m.payload.decode(), m.retain, m.qos))
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert connected.wait(10)

    def subscribe(self, topic):
        self.client.subscribe(topic, 1)
        assert self.acknowledged.wait(10)

    def publish(self, topic, text, retain):
        self.client.publish(topic, text, 1, retain).wait_for_publish(10)

    def messages(self):
        """All that comes until nothing has come for two seconds."""
        found = []
        try:
            while True:
                found.append(self.got.get(timeout=2))
        except queue.Empty:
            return found


def clients():
    subscriber, publisher = Client("subscriber"), Client("publisher")
    subscriber.subscribe("home/+")
    publisher.publish("home/ann", "here", True)
    print("subscriber, as it is published:        ", subscriber.messages())
    newcomer = Client("newcomer")
    unasked = newcomer.messages()
    print("newcomer, which has not subscribed:    ", unasked)
    newcomer.subscribe("home/ann")
    asked = newcomer.messages()
    print("newcomer, after it subscribed at QoS 1:", asked)
    for client in (subscriber, publisher, newcomer):
        client.client.disconnect()
        client.client.loop_stop()
    return unasked == [("home/ann", "here", True, 0)] and asked == [("home/ann", "here", True, 1)]


async def main():
    broker = Broker({
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    })
    await broker.start()
    as_described = await asyncio.get_running_loop().run_in_executor(None, clients)
    await broker.shutdown()
    return as_described


as_described = asyncio.run(main())
print("As described." if as_described else "CHANGED")
raise SystemExit(0 if as_described else 1)
PY
echo "amqtt 0.12.1, paho-mqtt 2.2.0, $(venv/bin/python --version)"
timeout 60 venv/bin/python retained.py
