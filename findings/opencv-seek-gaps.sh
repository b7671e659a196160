#!/usr/bin/env bash
# What:      OpenCV 4.13.0 and 5.0.0 (opencv-python-headless), VideoCapture.set(CAP_PROP_POS_FRAMES, n) and
#            set(CAP_PROP_POS_MSEC, t), on an MP4 of a camera that records on motion: three times four seconds of 25
#            frames/s, with pauses of 26 and 66 s in between. PyAV 18.1.0 writes it, each frame with its own number.
# Guess:     after set(CAP_PROP_POS_FRAMES, n), read() gives the frame that is the n-th when all are read in order, and
#            after set(CAP_PROP_POS_MSEC, t) the one whose time is t: both numbers were got from the same object.
# Behaviour: neither. Frame 50 is frame 135, and from 210 on there is none at all, though 300 were read; at 2 s, where
#            frame 50 is, comes frame 6. Time and number are turned into each other with the file's mean rate, 2.9
#            frames/s here. get(CAP_PROP_FRAME_COUNT) is right, and get(CAP_PROP_POS_MSEC) while reading in order is.
# Matters:   who keeps the number of the frame in which somebody was seen, and later shows it, shows another moment, 70
#            s later for frame 120, perhaps with another person. Without pauses it is right to the frame, so no test
#            sees it. Read in order, or seek by PyAV with the frame's pts.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > record.py <<'PY'
from fractions import Fraction

import av
import numpy as np

print("PyAV", av.__version__)
for name, starts in (("gaps.mp4", (0, 30, 100)), ("whole.mp4", (0, 4, 8))):
    with av.open(name, "w") as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width = stream.height = 128
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 25
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(300):
            picture = np.zeros((128, 128, 3), np.uint8)
            for bit in range(9):  # a white column for each bit of the number
                picture[:, 14 * bit:14 * (bit + 1)] = 255 * (number >> bit & 1)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = 1000 * starts[number // 100] + 40 * (number % 100), Fraction(1, 1000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
PY
cat > seek.py <<'PY'
import sys

import cv2


def read(capture):
    """The number that is drawn in the next frame."""
    there, picture = capture.read()
    return sum((int(picture[64, 14 * bit + 7].mean()) > 127) << bit for bit in range(9)) if there else None


changed = False
for name in ("whole.mp4", "gaps.mp4"):
    capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
    numbers, times = [], []
    while (number := read(capture)) is not None:
        numbers.append(number)
        times.append(round(capture.get(cv2.CAP_PROP_POS_MSEC)))
    assert numbers == list(range(300)) and capture.get(cv2.CAP_PROP_FRAME_COUNT) == 300
    assert times[150] == (32000 if name == "gaps.mp4" else 6000), times[150]
    by_number, by_time = {}, {}
    for number in (10, 50, 120, 210, 299):
        capture.set(cv2.CAP_PROP_POS_FRAMES, number)
        by_number[number] = read(capture)
        capture.set(cv2.CAP_PROP_POS_MSEC, times[number])
        by_time[number] = read(capture)
    print(f"OpenCV {cv2.__version__}, {name}, mean rate {capture.get(cv2.CAP_PROP_FPS):.2f}:")
    print("  frame wanted by its number, frame got:", by_number)
    print("  frame wanted by its time, frame got:  ", by_time)
    if name == "whole.mp4":
        changed = changed or any(asked != got for asked, got in by_number.items())
    else:
        changed = changed or abs(by_number[50] - 50) < 20 or abs(by_time[50] - 50) < 20
        changed = changed or by_number[210] is not None or by_number[299] is not None
if changed:
    sys.exit("CHANGED")
PY
python3 -m venv venv
venv/bin/pip install -q av==18.1.0 numpy==2.2.6
venv/bin/python record.py
for version in 4.13.0.92 5.0.0.93; do
    venv/bin/pip install -q --no-deps --target "opencv-$version" "opencv-python-headless==$version"
    PYTHONPATH="opencv-$version" venv/bin/python seek.py 2> errors.log || { cat errors.log >&2; exit 1; }
done
echo "As described."
