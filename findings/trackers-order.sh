#!/usr/bin/env bash
# What:      the Python package trackers 2.6.1 (of those who write supervision), its SORT, ByteTrack and OC-SORT as they
#            come. Two people stand still; a detector lists them by confidence, so now one is first and now the other.
# Guess:     update(detections) gives the same detections in the same order, with tracker_id filled in. So the first
#            tracker_id belongs to the first face, whose embedding the caller holds.
# Behaviour: SORT does so. ByteTrack and OC-SORT give them in the order of their tracks: as many as before, with the
#            right boxes and identities, but in another order. A line of their documentation says that it may differ.
#            Only what is in the detections themselves, or in their `data`, moves along.
# Matters:   who zips tracker_id with a list of embeddings or crops gives each the other's identity in every second
#            frame, and who tries it with SORT, or with one person, sees nothing. Put embeddings into `data`.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q trackers==2.6.1 supervision==0.31.2 numpy==2.2.6

cat > order.py <<'PY'
import importlib.metadata
import sys

import numpy as np
import supervision
from trackers import ByteTrackTracker, OCSORTTracker, SORTTracker

FRAMES = 40
people = {"Ann": [100, 100, 200, 200], "Bob": [500, 100, 600, 200]}
print("trackers", importlib.metadata.version("trackers"), "supervision", supervision.__version__)
changed = False
for tracker_class in (SORTTracker, ByteTrackTracker, OCSORTTracker):
    tracker = tracker_class()
    zipped, carried = {}, {}
    for frame in range(FRAMES):
        names = ["Ann", "Bob"] if frame % 2 == 0 else ["Bob", "Ann"]
        detections = supervision.Detections(
            xyxy=np.array([people[name] for name in names], float), confidence=np.array([0.95, 0.9]),
            class_id=np.zeros(2, int), data={"name": np.array(names)})
        tracked = tracker.update(detections)
        assert len(tracked) == 2
        for place, identity in enumerate(tracked.tracker_id):
            if identity >= 0:
                zipped.setdefault(int(identity), []).append(names[place])
                carried.setdefault(int(identity), []).append(str(tracked.data["name"][place]))
    for identity in sorted(zipped):
        counts = [{name: found[identity].count(name) for name in people} for found in (zipped, carried)]
        print(f"{tracker_class.__name__}, identity {identity}: by place {counts[0]}, by data {counts[1]}")
    changed = changed or len(carried) != 2 or any(len(set(names)) != 1 for names in carried.values())
    mixed = all(abs(names.count("Ann") - names.count("Bob")) <= 1 for names in zipped.values())
    changed = changed or (zipped != carried if tracker_class is SORTTracker else not mixed)
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python -W ignore order.py
