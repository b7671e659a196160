#!/usr/bin/env bash
# What:      the Python package supervision 0.26.1, ByteTrack(track_activation_threshold=...).
# Guess:     a detection whose confidence is at or above the threshold starts a track. With the threshold 0.25, one of
#            0.30 is tracked; with 0.95, one of 1.0 is.
# Behaviour: a track starts only at the threshold plus 0.1: at 0.25, a box of 0.34 is dropped in each frame, and one of
#            0.36 is tracked. Above a threshold of 0.9 nothing is ever tracked, not even a confidence of 1.0. What is
#            not tracked is missing from the result.
# Matters:   faces between the two limits are found, and reach nobody. Set the threshold 0.1 below the one you mean.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q supervision==0.26.1 numpy==1.26.4 opencv-python==4.11.0.86 scipy==1.14.1

cat > activation.py <<'PY'
import importlib.metadata
import numpy
import supervision


def tracked(confidence, threshold):
    """In how many of ten frames a box that stands still comes out of the tracker."""
    tracker = supervision.ByteTrack(track_activation_threshold=threshold)
    box = numpy.array([[100.0, 100.0, 200.0, 200.0]])
    frames = 0
    for _ in range(10):
        found = supervision.Detections(
            xyxy=box.copy(), confidence=numpy.array([confidence]), class_id=numpy.array([0]))
        frames += len(tracker.update_with_detections(found))
    return frames


print("supervision", importlib.metadata.version("supervision"))
got = {}
for threshold, confidence in [(0.25, 0.24), (0.25, 0.26), (0.25, 0.30), (0.25, 0.34), (0.25, 0.36),
                              (0.85, 0.97), (0.95, 0.97), (0.95, 1.0)]:
    got[threshold, confidence] = tracked(confidence, threshold)
    print(f"threshold {threshold:.2f}, confidence {confidence:.2f}: in {got[threshold, confidence]} of 10 frames")
assert got[0.25, 0.24] == 0 and got[0.25, 0.26] == 0 and got[0.25, 0.30] == 0 and got[0.25, 0.34] == 0, got
assert got[0.25, 0.36] == 10, got
assert got[0.85, 0.97] == 10, got
assert got[0.95, 0.97] == 0 and got[0.95, 1.0] == 0, got
print("As described: a track starts at the threshold plus 0.1.")
PY
venv/bin/python -W ignore activation.py
