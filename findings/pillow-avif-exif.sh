#!/usr/bin/env bash
# What:      Pillow 13.0.0, Image.save(file, "AVIF", exif=...) with the Exif object of a photo.
# Guess:     saving reads its arguments. What is saved next, with the same Exif object, has the same orientation, as it
#            has after JPEG, PNG and WebP.
# Behaviour: saving as AVIF takes the orientation out of the caller's object. The AVIF itself is right (Pillow writes the
#            orientation as a box), but every later file with that object lies on its side.
# Matters:   who archives a photo of a gallery as AVIF and then writes the JPEG for the detector gets a sideways JPEG, in
#            which no face is found. Give exif.tobytes(), or write the AVIF last.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q pillow==13.0.0

cat > exif.py <<'PY'
import io

import PIL
from PIL import ExifTags, Image, ImageOps


def save(exif, kind):
    file = io.BytesIO()
    Image.new("RGB", (64, 32), "red").save(file, kind, exif=exif)
    return Image.open(io.BytesIO(file.getvalue()))


def upright(picture):
    return ImageOps.exif_transpose(picture).size == (32, 64)


print("Pillow", PIL.__version__)
for first in ["JPEG", "PNG", "WEBP", "AVIF"]:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    before = upright(save(exif, first))
    left = exif.get(ExifTags.Base.Orientation)
    after = upright(save(exif, "JPEG"))
    print(f"{first}: upright {before}; orientation in the caller's object {left}; a JPEG after it: upright {after}")
    assert before
    assert left == (None if first == "AVIF" else 6), left
    assert after == (first != "AVIF")
exif = Image.Exif()
exif[ExifTags.Base.Orientation] = 6
assert upright(save(exif.tobytes(), "AVIF")) and upright(save(exif, "JPEG"))
print("As described: AVIF takes the orientation away; with tobytes() it does not.")
PY
venv/bin/python exif.py
