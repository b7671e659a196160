#!/usr/bin/env bash
# What: OpenCV's PNG writer, told the compression level that its documentation gives as the default (1, "best speed"),
#   does not write the file that it writes when it is told nothing.
# The guess: imencode(".png", picture) and imencode(".png", picture, [IMWRITE_PNG_COMPRESSION, 1]) give the same bytes,
#   and nothing is faster than "best speed".
# The behaviour: without parameters each row has the filter SUB and the strategy is RLE. The explicit level drops both:
#   the filter of each row is chosen by trying all five. Encoding takes about twice the time.
# Why it matters: level 1 is what one sets for speed, for face crops by the hundred a second. Only together with a
#   filter and a strategy (IMWRITE_PNG_FILTER, IMWRITE_PNG_STRATEGY) does it get faster.
set -euo pipefail

opencv=4.13.0.92
numpy=2.2.6
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/pip -q install "opencv-python-headless==$opencv" "numpy==$numpy"

cat > finding.py <<'PY'
import struct
import sys
import time
import zlib

import cv2
import numpy as np


def photo():
    """A smooth picture with a photo's noise, 160x160."""
    random = np.random.default_rng(1)
    coarse = random.integers(40, 216, (10, 10, 3), np.uint8)
    smooth = cv2.resize(coarse, (160, 160), interpolation=cv2.INTER_CUBIC).astype(int)
    return np.clip(smooth + random.normal(0, 2, smooth.shape).round().astype(int), 0, 255).astype(np.uint8)


def filters(png):
    """The filter types of a PNG's rows (PNG specification, section 9)."""
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    rows = zlib.decompress(data)
    return sorted(set(rows[:: 160 * 3 + 1]))


def millis(parameters):
    best = 1e9
    for _ in range(20):
        started = time.thread_time()
        for _ in range(10):
            cv2.imencode(".png", picture, parameters)
        best = min(best, (time.thread_time() - started) * 100)
    return best


picture = photo()
explicit = [cv2.IMWRITE_PNG_COMPRESSION, 1]
plain_png = cv2.imencode(".png", picture)[1].tobytes()
level_png = cv2.imencode(".png", picture, explicit)[1].tobytes()
print("OpenCV", cv2.__version__)
print("told nothing: %d bytes, filters %s, %.2f ms" % (len(plain_png), filters(plain_png), millis([])))
print("told level 1: %d bytes, filters %s, %.2f ms" % (len(level_png), filters(level_png), millis(explicit)))
described = filters(plain_png) == [1] and len(filters(level_png)) > 1 and level_png != plain_png
print("as described" if described else "NOT as described")
sys.exit(0 if described else 1)
PY
echo "the guess: the same bytes"
venv/bin/python finding.py
