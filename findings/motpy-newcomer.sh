#!/usr/bin/env bash
# What:      the Python package motpy 0.0.10, MultiObjectTracker with feature_similarity_beta, which weighs the overlap
#            of boxes with the likeness of embeddings. All detections carry an embedding.
# Guess:     two people who meet and turn back keep their numbers, since their embeddings tell them apart; whether
#            something else is seen far away does not matter to them.
# Behaviour: a track has no embedding until its second detection, and while there is one such track, embeddings are
#            ignored for all of them, without a message. What the detector sees once, at the other side of the picture,
#            makes the two change numbers, as without embeddings, even if that was nine frames before they met.
# Matters:   in a crowd something is new, or found by mistake, in nearly each second: there the embeddings, which are
#            paid for in each frame, decide nothing. Hold a box back until it is seen again, or lower max_staleness.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q motpy==0.0.10 numpy==1.26.4 scipy==1.14.1 filterpy==1.4.5

cat > meet.py <<'PY'
import importlib.metadata
import sys

import numpy
from motpy import Detection, MultiObjectTracker

embeddings = {name: numpy.eye(3)[i] for i, name in enumerate(["Ann", "Bob", "poster"])}


def detection(name, x, y):
    return Detection(box=numpy.array([x, y, x + 60.0, y + 80.0]), score=0.9, feature=embeddings[name])


def meeting(beta, poster):
    """Ann and Bob walk towards each other for 30 frames, and back; the poster is found in that frame only."""
    tracker = MultiObjectTracker(dt=1 / 25, matching_fn_kwargs={"feature_similarity_beta": beta})
    for frame in range(60):
        away = 4.0 * abs(30 - frame)
        places = {"Ann": 300 - away, "Bob": 308 + away}
        found = [detection(name, x, 100) for name, x in places.items()]
        if frame == poster:
            found.append(detection("poster", 900, 600))
        tracks = tracker.step(found)
        if frame in (10, 59):
            nearest = {name: min(tracks, key=lambda track: abs(track.box[0] - x)).id for name, x in places.items()}
            before = nearest if frame == 10 else before
    return nearest == before, nearest == {"Ann": before["Bob"], "Bob": before["Ann"]}


print("motpy", importlib.metadata.version("motpy"))
kept, changed_places = (True, False), (False, True)
words = {kept: "both keep their numbers", changed_places: "they change numbers"}
without = meeting(None, None)
alone = meeting(0.0, None)
print("without embeddings:", words[without])
print("with embeddings:", words[alone])
seen = {frame: meeting(0.0, frame) for frame in range(10, 31)}
swaps = [frame for frame, result in seen.items() if result == changed_places]
print("with embeddings, a poster found once: they change numbers if that was in one of the frames", swaps)
if without != changed_places or alone != kept or swaps != list(range(21, 31)) or seen[15] != kept:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python -W ignore meet.py
