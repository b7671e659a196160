#!/usr/bin/env bash
# What:      the Python package mtcnn 1.0.0 (its weights come with it) on tensorflow-cpu 2.18.0,
#            MTCNN().detect_faces([picture, picture, ...]).
# Guess:     a picture of a batch gets the box and the landmarks that it gets alone, up to rounding: the pictures have
#            nothing to do with each other.
# Behaviour: they do. Beside a picture of another size the same picture gets another box (3 to 4 of 84 pixels here), and
#            another confidence. Beside one of its own size it does not. One scale pyramid is laid over all pictures of
#            a batch.
# Matters:   the crop that is embedded, and so the distance to a person, depends on what else was in the batch: a
#            decision cannot be repeated from its frame. Batch pictures of one size only.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q mtcnn==1.0.0 tensorflow-cpu==2.18.0 scikit-image==0.24.0

cat > batch.py <<'PY'
import importlib.metadata
import numpy
import skimage.data
from mtcnn import MTCNN

print("mtcnn", importlib.metadata.version("mtcnn"))
whole = skimage.data.astronaut()  # comes with scikit-image; one face
upper = numpy.ascontiguousarray(whole[:256])
detector = MTCNN()


def box(faces):
    assert len(faces) == 1, faces
    return [int(v) for v in faces[0]["box"]]


alone = box(detector.detect_faces(upper))
twice = [box(faces) for faces in detector.detect_faces([upper, upper])]
mixed = box(detector.detect_faces([whole, upper])[1])
print("512x256 alone:                  ", alone)
print("beside another 512x256:         ", twice[0])
print("beside a 512x512:               ", mixed)
moved = max(abs(a - b) for a, b in zip(alone, mixed))
print("the largest difference, pixels: ", moved)
assert twice == [alone, alone], (alone, twice)
assert moved >= 2, (alone, mixed)
print("As described: a face's box depends on the other pictures of the batch.")
PY
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python -W ignore batch.py 2> errors.log || { cat errors.log >&2; exit 1; }
