#!/usr/bin/env bash
# What:      opencv-python-headless 5.0.0.93, imdecode of a picture that says how it is to be turned, in JPEG, PNG, WebP
#            and AVIF. Pillow 13.0.0 writes them.
# Guess:     OpenCV turns the picture upright, since it does unless IMREAD_IGNORE_ORIENTATION is given. In AVIF it is
#            the box `irot` that says how, and a reader must obey it.
# Behaviour: JPEG, PNG and WebP come out upright. AVIF comes out lying on its side, with any flag, and nothing says so.
# Matters:   a gallery of phone photos that was converted to AVIF to save space has no face that is found, or a poor
#            one, while the same photos as JPEG work. Decode AVIF with Pillow and ImageOps.exif_transpose.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q opencv-python-headless==5.0.0.93 pillow==13.0.0 numpy==2.4.6

cat > orientation.py <<'PY'
import io

import cv2
import numpy
import PIL
from PIL import ExifTags, Image, ImageOps

print("OpenCV", cv2.__version__, "Pillow", PIL.__version__)
# As the sensor saw it: blue on the left, red on the right. Turned by a quarter clockwise, blue is above red.
picture = Image.new("RGB", (64, 32), (255, 0, 0))
picture.paste((0, 0, 255), (0, 0, 32, 32))
upright = {}
for kind in ["JPEG", "PNG", "WEBP", "AVIF"]:
    turned = Image.Exif()
    turned[ExifTags.Base.Orientation] = 6
    file = io.BytesIO()
    picture.save(file, kind, exif=turned)
    data = file.getvalue()
    pillow = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    opencv = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)
    height, width = opencv.shape[:2]
    blue_above = width == 32 and opencv[8, 16, 0] > 200 and opencv[56, 16, 2] > 200
    upright[kind] = bool(blue_above)
    print(f"{kind}: Pillow {pillow.width} x {pillow.height}, OpenCV {width} x {height}, upright: {upright[kind]}")
    assert pillow.size == (32, 64), pillow.size
    if kind == "AVIF":
        assert b"irot" in data
        assert (width, height) == (64, 32), (width, height)
assert upright == {"JPEG": True, "PNG": True, "WEBP": True, "AVIF": False}, upright
print("As described: only AVIF is not turned.")
PY
venv/bin/python orientation.py
