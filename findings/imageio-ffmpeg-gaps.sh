#!/usr/bin/env bash
# What:      imageio-ffmpeg 0.8.1 by imageio 2.38.1's get_reader, on a recording with a gap. PyAV 18.1.0 writes it and
#            is the judge.
# Guess:     the reader yields each picture of the file once: six pictures were written, six come out.
# Behaviour: FFmpeg's command line fills the gap at the nominal rate: 18 pictures come out, 12 of them copies of the
#            last one before the gap. count_frames_and_secs of the same package says 6.
# Matters:   a camera that records on motion leaves gaps. Somebody who was last seen before one gets as many votes as the
#            gap has frames, and the trackers see somebody stand still. Read with PyAV, which keeps the time of each.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q imageio-ffmpeg==0.8.1 imageio==2.38.1 av==18.1.0 numpy==2.4.6 pillow==13.0.0

cat > gaps.py <<'PY'
from fractions import Fraction
import importlib.metadata

import av
import imageio.v2
import imageio_ffmpeg
import numpy

WRITTEN = [0, 200, 400, 3000, 3200, 3400]  # milliseconds

with av.open("motion.mkv", "w") as file:
    stream = file.add_stream("mpeg4", rate=5)
    stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
    stream.codec_context.time_base = Fraction(1, 1000)
    for number, time in enumerate(WRITTEN):
        grey = numpy.full((240, 320, 3), 30 + 30 * number, numpy.uint8)
        frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
        frame.pts, frame.time_base = time, Fraction(1, 1000)
        file.mux(stream.encode(frame))
    file.mux(stream.encode())

for name in ["imageio", "imageio-ffmpeg", "av"]:
    print(name, importlib.metadata.version(name))
with av.open("motion.mkv") as file:
    times = [round(frame.time * 1000) for frame in file.decode(video=0)]
print("written, as PyAV sees it:", times)
assert times == WRITTEN, times
with imageio.v2.get_reader("motion.mkv", "ffmpeg") as reader:
    greys = [round(float(picture.mean())) for picture in reader]
counted = imageio_ffmpeg.count_frames_and_secs("motion.mkv")[0]
same = max(greys.count(grey) for grey in greys)
print(f"imageio: {len(greys)} pictures, their greys {greys}")
print(f"count_frames_and_secs: {counted}; most often seen picture: {same} times")
assert counted == 6
assert 17 <= len(greys) <= 19 and same >= 11, greys
print("As described: the gap is filled with copies.")
PY
venv/bin/python gaps.py
