#!/usr/bin/env bash
# What:      the Python packages insightface 2.1 (norm_crop) and uniface 4.2.1 (face_alignment) cut an upright face out
#            of a photo by five landmarks, with image_size from 112 to 1024.
# Guess:     image_size is the resolution: the cut-out of 256 or 512 pixels shows what that of 112 or 224 shows, finer.
# Behaviour: a multiple of 112 cuts tightly, and a multiple of 128 that is none of 112 cuts another, wider square: in it
#            the face is an eighth smaller and higher, the eyes at 40 % of the height instead of 46 %. So 768 is wide,
#            896 (both 7 times 128 and 8 times 112) is tight, and 1024 is wide again.
# Matters:   a network for 112 pixels that gets a cut-out of 256 made smaller sees faces at another place than in its
#            training, and similarities fall without an error. Cut out with a multiple of 112 and make that smaller.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q insightface==2.1 uniface==4.2.1 \
    onnx==1.23.2 onnxruntime==1.32.0 scikit-image==0.26.0 numpy==2.2.6

cat > sizes.py <<'PY'
import importlib.metadata
import sys

import cv2
import numpy as np
from insightface.utils.face_align import norm_crop
from uniface.face_utils import face_alignment

# Eyes, nose and corners of the mouth of an upright face, and a photo with a dot at each eye.
landmarks = np.array([[240, 240], [360, 240], [300, 310], [250, 380], [350, 380]], np.float32)
photo = np.zeros((800, 600, 3), np.uint8)
for x, y in landmarks[:2]:
    cv2.circle(photo, (int(x), int(y)), 8, (255, 255, 255), -1)


def eyes(crop):
    """The eyes' height and their distance, as shares of the side."""
    size = len(crop)
    left, right = (crop[..., 0] > 127).astype(int)[:, :size // 2], (crop[..., 0] > 127).astype(int)[:, size // 2:]
    (top, x0), (bottom, x1) = (np.argwhere(half).mean(axis=0) for half in (left, right))
    return (top + bottom) / 2 / size, (x1 + size // 2 - x0) / size


print("insightface", importlib.metadata.version("insightface"), "uniface", importlib.metadata.version("uniface"))
changed = False
for size in (112, 128, 224, 256, 448, 512, 768, 896, 1024):
    seen = {"insightface": eyes(norm_crop(photo, landmarks, image_size=size)),
            "uniface": eyes(face_alignment(photo, landmarks, image_size=size)[0])}
    print(f"{size} pixels, eyes' height and distance:",
          ", ".join(f"{name} {height:.3f} {distance:.3f}" for name, (height, distance) in seen.items()))
    expected = (0.461, 0.315) if size % 112 == 0 else (0.403, 0.275)
    changed = changed or any(np.abs(np.subtract(got, expected)).max() > 0.02 for got in seen.values())
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python -W ignore sizes.py
