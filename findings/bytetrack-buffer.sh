#!/usr/bin/env bash
# What:      the Python package supervision 0.26.1, ByteTrack(lost_track_buffer=30, frame_rate=...).
# Guess:     somebody who is not found for fewer than 30 frames keeps the identity, at any frame rate: the parameter is
#            documented as the number of frames to buffer.
# Behaviour: it is a number of frames at 30 frames/s, and is turned into time by frame_rate / 30: at 5 frames/s the
#            identity is gone after 7 frames, at 15 after 20. Whoever then comes back also misses a frame before the new
#            identity begins.
# Matters:   cameras that look for faces run at 5 frames/s. For six seconds of absence there, ask for 180 frames, not
#            for 30.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q supervision==0.26.1 numpy==1.26.4 opencv-python==4.11.0.86 scipy==1.14.1

cat > buffer.py <<'PY'
import importlib.metadata
import numpy
import supervision


def found():
    return supervision.Detections(
        xyxy=numpy.array([[100.0, 100.0, 200.0, 200.0]]),
        confidence=numpy.array([0.9]),
        class_id=numpy.array([0]))


def same_after(absent, buffer, rate):
    """Whether a box that was away for so many frames has the identity that it had."""
    tracker = supervision.ByteTrack(lost_track_buffer=buffer, frame_rate=rate)
    for _ in range(5):
        before = tracker.update_with_detections(found()).tracker_id.tolist()
    for _ in range(absent):
        tracker.update_with_detections(supervision.Detections.empty())
    after = [i for _ in range(3) for i in tracker.update_with_detections(found()).tracker_id.tolist()]
    return set(after) == set(before)


def longest(buffer, rate):
    """The longest absence, in frames, after which the identity is the same."""
    absent = 0
    while absent < 400 and same_after(absent + 1, buffer, rate):
        absent += 1
    return absent


print("supervision", importlib.metadata.version("supervision"))
got = {}
for buffer, rate in [(30, 30), (30, 15), (30, 5), (180, 5)]:
    got[buffer, rate] = longest(buffer, rate)
    print(f"lost_track_buffer {buffer}, frame_rate {rate}: kept for {got[buffer, rate]} frames")
assert 30 <= got[30, 30] <= 32, got
assert 15 <= got[30, 15] <= 17, got
assert 5 <= got[30, 5] <= 7, got
assert 30 <= got[180, 5] <= 32, got
print("As described: the buffer is time, as frames at 30 frames/s.")
PY
venv/bin/python -W ignore buffer.py
