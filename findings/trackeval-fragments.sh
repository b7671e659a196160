#!/usr/bin/env bash
# What:      the Python packages trackeval 1.3.0 and motmetrics 1.4.0, which both count how often tracking of a person
#            broke off and went on ("Frag" and "num_fragmentations" of CLEAR MOT), on the same boxes.
# Guess:     both give the same number, as they do for misses, switches, MOTA and IDF1. One person is in 100 frames,
#            and is found in every second of them: 49 times it goes on.
# Behaviour: motmetrics says 49, and TrackEval says 0: a frame in which nothing at all was found is no interruption
#            for it. With a second person who is found in each frame it says 49 for the same first person, and so it
#            does with a wrong box in the frames between.
# Matters:   a door's camera mostly sees one person, and there TrackEval says that no track ever breaks; a tracker that
#            invents boxes in the gaps looks worse than it is, and one that is silent looks perfect. Figures of scenes
#            with few people do not compare with others. Take this one from motmetrics.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q motmetrics==1.4.0 numpy==1.26.4 pandas==2.2.3 scipy==1.14.1
venv/bin/pip install -q --no-deps trackeval==1.3.0

cat > fragments.py <<'PY'
import contextlib
import importlib.metadata
import io
import sys

import motmetrics
import numpy
with contextlib.redirect_stdout(io.StringIO()):  # it tells which optional packages are not there
    import trackeval.metrics

ANN, BOB = 1, 2
SIZE = 10


def overlap(first, second):
    """The intersection over union of two squares that start at these places in a row."""
    shared = max(0, SIZE - abs(first - second)) * SIZE
    return shared / (2 * SIZE * SIZE - shared)


def by_motmetrics(frames):
    accumulator = motmetrics.MOTAccumulator(auto_id=True)
    for people, found in frames:
        boxes = [[[x, 0, SIZE, SIZE] for x in side.values()] for side in (people, found)]
        accumulator.update(list(people), list(found), motmetrics.distances.iou_matrix(*boxes, max_iou=0.5))
    names = ["num_misses", "num_switches", "mota", "idf1", "num_fragmentations"]
    result = motmetrics.metrics.create().compute(accumulator, metrics=names)
    return [round(float(result[name].iloc[0]), 3) for name in names]


def by_trackeval(frames):
    people = sorted({name for frame, _ in frames for name in frame})
    tracks = sorted({track for _, frame in frames for track in frame})
    data = {
        "gt_ids": [numpy.array([people.index(name) for name in frame], int) for frame, _ in frames],
        "tracker_ids": [numpy.array([tracks.index(track) for track in frame], int) for _, frame in frames],
        "similarity_scores": [
            numpy.array([[overlap(x, y) for y in found.values()] for x in there.values()]).reshape(
                len(there), len(found)) for there, found in frames],
        "num_timesteps": len(frames), "num_gt_ids": len(people), "num_tracker_ids": len(tracks),
        "num_gt_dets": sum(len(there) for there, _ in frames),
        "num_tracker_dets": sum(len(found) for _, found in frames),
    }
    with contextlib.redirect_stdout(io.StringIO()):
        clear = trackeval.metrics.CLEAR().eval_sequence(data)
        identity = trackeval.metrics.Identity().eval_sequence(data)
    values = clear["CLR_FN"], clear["IDSW"], clear["MOTA"], identity["IDF1"], clear["Frag"]
    return [round(float(value), 3) for value in values]


def scene(people, always, between):
    """100 frames: track 1 finds ANN in every second one; what else is found always, and in the frames between."""
    return [(people, {**({1: people[ANN]} if frame % 2 == 0 else between), **always}) for frame in range(100)]


print(*(f"{name} {importlib.metadata.version(name)}" for name in ("trackeval", "motmetrics")))
changed = False
for what, frames, expected in (
    ("Ann alone", scene({ANN: 0}, {}, {}), 0),
    ("Ann, and Bob who is always found", scene({ANN: 0, BOB: 100}, {2: 100}, {}), 49),
    ("Ann alone, and a wrong box between", scene({ANN: 0}, {}, {3: 500}), 49),
):
    one, other = by_motmetrics(frames), by_trackeval(frames)
    print(f"{what}: misses, switches, MOTA, IDF1 {one[:4]} by motmetrics, {other[:4]} by TrackEval;")
    print(f"  interruptions {one[4]:.0f} by motmetrics, {other[4]:.0f} by TrackEval")
    changed = changed or one[:4] != other[:4] or one[4] != 49 or other[4] != expected
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python -W ignore fragments.py
