#!/usr/bin/env bash
# What:      the Python package cloudevents 2.2.0 reads an event without `time`, which CloudEvents allows: from Kafka
#            and from HTTP, in binary and structured mode.
# Guess:     get_time() gives None: its type is "datetime | None".
# Behaviour: reading fills it in, as writing does, by the reader's clock. The same message read twice has two times, and
#            they are written when it is passed on.
# Matters:   who measures a camera's delay, or orders sightings by time, gets the time of reading and no hint that the
#            camera gave none. Look into the headers or the JSON for ce_time before reading.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q cloudevents==2.2.0 python-dateutil==2.9.0.post0

cat > read.py <<'PY'
import importlib.metadata
import json
import sys

from cloudevents.core.bindings import http, kafka

print("cloudevents", importlib.metadata.version("cloudevents"))
attributes = {"specversion": "1.0", "type": "face", "source": "/cameras/door", "id": "1"}
body = b'{"person": "Ann"}'


def messages(given):
    """The event in each mode, and what reads it."""
    structured = json.dumps({**given, "data": {"person": "Ann"}}).encode()
    in_kafka = {f"ce_{name}": value.encode() for name, value in given.items()}
    in_http = {f"ce-{name}": value for name, value in given.items()}
    kind = "application/cloudevents+json"
    return {
        "Kafka, binary": (kafka.from_kafka_event, kafka.KafkaMessage(
            headers={**in_kafka, "content-type": b"application/json"}, key=None, value=body)),
        "Kafka, structured": (kafka.from_kafka_event, kafka.KafkaMessage(
            headers={"content-type": kind.encode()}, key=None, value=structured)),
        "HTTP, binary": (http.from_http_event, http.HTTPMessage(
            headers={**in_http, "content-type": "application/json"}, body=body)),
        "HTTP, structured": (http.from_http_event, http.HTTPMessage(headers={"content-type": kind}, body=structured)),
    }


changed = False
for mode, (read, message) in messages(attributes).items():
    first, second = read(message), read(message)
    print(f"{mode}, no time: read at {first.get_time()} and at {second.get_time()}")
    changed = changed or None in (first.get_time(), second.get_time()) or first.get_time() == second.get_time()
    passed_on = json.loads(http.to_structured_event(first).body)
    changed = changed or first.get_id() != "1" or "time" not in passed_on
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python read.py
