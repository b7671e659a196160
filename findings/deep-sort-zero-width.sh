#!/usr/bin/env bash
# What:      the Python package deep-sort-realtime 1.3.2, DeepSort.update_tracks(boxes, embeds=..., others=...), where
#            the caller brings the embedding of each box, and what else it knows of it, such as a name.
# Guess:     a box without width, as of a face that is cut at the picture's edge, is left out with all that belongs to
#            it; or the call fails.
# Behaviour: only the box is left out. From there on each box gets the embedding and the rest of the one before, and
#            the last ones go unused, without a warning. The tracks keep their numbers: they are then matched by place.
# Matters:   somebody who is cut at the edge gives everybody behind in the list a neighbour's name, and whoever matches
#            track.get_feature() against known people finds the neighbour. Where the empty box is the last of the list
#            nothing happens, so a test may not see it. Leave such boxes out of all lists yourself.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q numpy==2.2.6 scipy==1.15.3 opencv-python-headless==4.13.0.92
venv/bin/pip install -q --no-deps deep-sort-realtime==1.3.2

cat > edge.py <<'PY'
import importlib.metadata
import sys

import numpy
from deep_sort_realtime.deepsort_tracker import DeepSort

faces = {name: numpy.eye(4)[i] for i, name in enumerate(["edge", "Ann", "Bob", "Cy"])}
places = {"edge": 0, "Ann": 100, "Bob": 300, "Cy": 500}


def update(tracker, names, width_at_edge):
    """One frame with a box of each of the names; gives the tracks that were seen in it."""
    boxes = [([places[name], 50, width_at_edge if name == "edge" else 60, 60], 0.9, "face") for name in names]
    tracks = tracker.update_tracks(boxes, embeds=[faces[name] for name in names], others=names)
    return {track.track_id: track for track in tracks if track.is_confirmed() and track.time_since_update == 0}


def run(order, width_at_edge):
    """Ten frames without the one at the edge, then two more with it: what the tracks of the three others have then."""
    tracker = DeepSort(embedder=None)
    for _ in range(10):
        tracks = update(tracker, [name for name in order if name != "edge"], None)
    before = {number: track.get_det_supplementary() for number, track in tracks.items()}
    for _ in range(2):
        tracks = update(tracker, order, width_at_edge)
    assert before.keys() <= tracks.keys(), (before, tracks)
    names = {name: tracks[number].get_det_supplementary() for number, name in before.items()}
    embeddings = {name: next(n for n in faces if faces[n] @ tracks[number].get_feature() > 0.9)
                  for number, name in before.items()}
    return names, embeddings


print("deep-sort-realtime", importlib.metadata.version("deep-sort-realtime"))
same = {name: name for name in ("Ann", "Bob", "Cy")}
shifted = {"Ann": "edge", "Bob": "Ann", "Cy": "Bob"}
changed = False
for what, order, width, expected in (
    ("box of 1 pixel, first in the list", ["edge", "Ann", "Bob", "Cy"], 1, same),
    ("box without width, last in the list", ["Ann", "Bob", "Cy", "edge"], 0, same),
    ("box without width, first in the list", ["edge", "Ann", "Bob", "Cy"], 0, shifted),
):
    names, embeddings = run(order, width)
    print(f"{what}:")
    print(f"  name that the track gives of each:  {names}")
    print(f"  whose embedding it gives of each:  {embeddings}")
    changed = changed or names != expected or embeddings != expected
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python -W ignore edge.py
