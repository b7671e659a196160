#!/usr/bin/env bash
# What:      the Python package ha-mqtt-discoverable 0.26.0, which announces sensors to Home Assistant by MQTT, for two
#            cameras with names of their own and a unique_id of their own, as paho-mqtt 2.1.0 is told to publish them.
# Guess:     each has its topics: the unique_id is there to tell them apart.
# Behaviour: the topics are made of the name alone, and each letter that is none of the 26 becomes a dash: two names in
#            Chinese, Greek or Arabic have the same topics if they are equally long, and so have "Tür" and "Tór".
#            Both cameras write one configuration and one state.
# Matters:   Home Assistant keeps the second one, and shows for it what either camera sees; the first one is gone. Give
#            names in Latin letters, or the unique_id as the name.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q ha-mqtt-discoverable==0.26.0 paho-mqtt==2.1.0

cat > names.py <<'PY'
import importlib.metadata
import json
import sys

from ha_mqtt_discoverable import Settings
from ha_mqtt_discoverable.sensors import BinarySensor, BinarySensorInfo
from paho.mqtt.client import CallbackAPIVersion, Client

print("ha-mqtt-discoverable", importlib.metadata.version("ha-mqtt-discoverable"))


class Recorder(Client):
    """The client of MQTT, which notes what it is told to publish."""

    def __init__(self):
        super().__init__(CallbackAPIVersion.VERSION2)
        self.published = []

    def publish(self, topic, payload=None, qos=0, retain=False, properties=None):
        self.published.append((topic, payload))
        return super().publish(topic, payload, qos, retain, properties)


def announce(name, unique_id):
    """The topic of a camera's configuration, and the one of its state, after it saw somebody."""
    client = Recorder()
    camera = BinarySensorInfo(name=name, device_class="motion", unique_id=unique_id)
    BinarySensor(Settings(mqtt=Settings.MQTT(client=client), entity=camera)).on()
    configuration, state = client.published
    assert json.loads(configuration[1])["unique_id"] == unique_id, configuration
    return configuration[0], state[0]


changed = False
for first, second, same in (
    ("Door", "Yard", False),
    ("前门", "后门", True),
    ("Αυλή", "Πύλη", True),
    ("Tür", "Tór", True),
):
    topics = announce(first, "camera-1"), announce(second, "camera-2")
    print(f"{first} and {second}: {topics[0]}" + ("" if topics[0] == topics[1] else f" and {topics[1]}"))
    changed = changed or [a == b for a, b in zip(*topics)] != [same, same]
if changed:
    sys.exit("CHANGED")
print("As described: cameras of different names and ids share their topics.")
PY
venv/bin/python names.py
