#!/usr/bin/env bash
# What:      PyAV 18.1.0, container.seek(time) in ten seconds of video with a key frame at each full second: the same
#            frames as MP4, Matroska and as an MPEG transport stream, the format of HLS and of many recorders.
# Guess:     the next frame that is decoded is the key frame at or before the time: seek's documentation says that it
#            looks backwards for one, and one decodes from there to the frame that one wants.
# Behaviour: so it is in MP4 and Matroska. In the transport stream it is the key frame after the time, up to a second
#            late. After the last key frame there is no frame at all: decoding ends at once, as at the end of the file.
# Matters:   "decode until frame.time is that of the event" gives, for the same recording, another frame: the moment
#            that is to be shown is skipped, and whoever was in view in the last second was never there. Seek to one
#            interval of key frames before, and look at the time of what comes.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q av==18.1.0 numpy==2.4.6

cat > seek.py <<'PY'
import io
import sys
from fractions import Fraction

import av
import numpy as np

RATE = 25
TIMES = [1.52, 4.92, 6.12, 9.52]


def recording(kind):
    """Ten seconds, each frame one shade lighter than the one before, with a key frame in each second."""
    file = io.BytesIO()
    with av.open(file, "w", format=kind) as container:
        stream = container.add_stream("libx264", rate=RATE, options={"bf": "0", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.gop_size = RATE
        for number in range(10 * RATE):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number, np.uint8), "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def first_after(data, time):
    """The time of the first frame after a seek, less the time of the recording's first frame; None without one."""
    with av.open(io.BytesIO(data)) as container:
        start = next(container.decode(video=0)).time
    with av.open(io.BytesIO(data)) as container:
        container.seek(round((start + time) * av.time_base), backward=True, any_frame=False)
        frame = next(container.decode(video=0), None)
        return frame and round(frame.time - start, 2)


print("PyAV", av.__version__, "libavformat", ".".join(map(str, av.library_versions["libavformat"])))
came = {}
for kind in ["mp4", "matroska", "mpegts"]:
    data = recording(kind)
    with av.open(io.BytesIO(data)) as container:
        frames = [(frame.time, frame.key_frame) for frame in container.decode(video=0)]
    keys = [round(time - frames[0][0], 2) for time, key in frames if key]
    assert keys == list(range(10)) and len(frames) == 250, keys
    came[kind] = [first_after(data, time) for time in TIMES]
    print(f"{kind}: " + "; ".join(f"to {time}: {first}" for time, first in zip(TIMES, came[kind])))
if came != {"mp4": [1, 4, 6, 9], "matroska": [1, 4, 6, 9], "mpegts": [2, 5, 7, None]}:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python seek.py 2> log || { tail -20 log; exit 1; }
