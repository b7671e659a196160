#!/usr/bin/env bash
# What:      the Python package onvif-parsers 2.5.0, which reads cameras' events for Home Assistant, with the types of
#            onvif-zeep-async 4.3.0, for the standard's topics of motion, tampering, people and faces.
# Guess:     a value of ONVIF's type xs:boolean is read as such: "true" and "1" are on, "false" and "0" are off. The
#            package exists to even out such differences between makers.
# Behaviour: only "true" is on: a camera that sends "1" says by each of its events that nothing moves. One topic of
#            those tried, MotionRegionDetector, knows both.
# Matters:   there are recorders that send "1". Their sensors exist and stay off for ever, without an error; what moves
#            is never seen. Compare the event's own text with both, as XML Schema says.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q onvif-parsers==2.5.0 onvif-zeep-async==4.3.0 zeep==4.3.3

cat > events.py <<'PY'
import asyncio
import importlib.metadata
import os
import sys

import onvif
import onvif_parsers
import zeep
from lxml import etree

print("onvif-parsers", importlib.metadata.version("onvif-parsers"))
client = zeep.Client(os.path.join(os.path.dirname(onvif.__file__), "wsdl", "events.wsdl"))
notification = client.get_element("{http://docs.oasis-open.org/wsn/b-2}NotificationMessage")


def read(topic, name, value):
    """What the package makes of an event, in the form in which zeep gives it."""
    event = notification.parse(etree.fromstring(f"""
<n:NotificationMessage xmlns:n="http://docs.oasis-open.org/wsn/b-2" xmlns:tt="http://www.onvif.org/ver10/schema"
    xmlns:tns1="http://www.onvif.org/ver10/topics">
  <n:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">{topic}</n:Topic>
  <n:Message><tt:Message UtcTime="2026-01-01T10:00:00Z" PropertyOperation="Changed">
    <tt:Source><tt:SimpleItem Name="VideoSourceConfigurationToken" Value="door"/></tt:Source>
    <tt:Data><tt:SimpleItem Name="{name}" Value="{value}"/></tt:Data>
  </tt:Message></n:Message>
</n:NotificationMessage>"""), client.wsdl.types)
    entities = asyncio.run(onvif_parsers.parse(topic, "camera", event))
    assert len(entities) == 1, entities
    return entities[0].value


changed = False
for topic, name, one in (
    ("tns1:RuleEngine/CellMotionDetector/Motion", "IsMotion", False),
    ("tns1:VideoSource/MotionAlarm", "State", False),
    ("tns1:RuleEngine/TamperDetector/Tamper", "IsTamper", False),
    ("tns1:RuleEngine/MyRuleDetector/PeopleDetect", "State", False),
    ("tns1:RuleEngine/MyRuleDetector/FaceDetect", "State", False),
    ("tns1:RuleEngine/MotionRegionDetector/Motion", "State", True),
):
    values = {sent: read(topic, name, sent) for sent in ("true", "1", "false", "0")}
    print(topic, values)
    changed = changed or values != {"true": True, "1": one, "false": False, "0": False}
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python events.py
