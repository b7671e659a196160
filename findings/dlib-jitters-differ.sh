#!/usr/bin/env bash
# What:      dlib 20.0.1 (Python package dlib-bin) with the weights of face_recognition_models 0.3.0,
#            compute_face_descriptor(image, landmarks, num_jitters).
# Guess:     num_jitters averages a fixed set of shifted and turned copies: the same photo gives the same descriptor
#            each time, or a random one each time.
# Behaviour: neither. The second call gives another descriptor than the first one, at a distance of 0.04 for 10 jitters;
#            yet each new process gives the same first one and the same second one. Without jitters all are equal.
# Matters:   one photo, enrolled twice, gives two templates, so that duplicates are not found by equality; and a test in
#            a fresh process does not notice.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q dlib-bin==20.0.1.post1 face_recognition_models==0.3.0 setuptools==75.8.0 scikit-image==0.24.0

cat > jitters.py <<'PY'
import dlib
import face_recognition_models
import numpy
import skimage.data
import sys

image = skimage.data.astronaut()  # comes with scikit-image; one face
face = dlib.get_frontal_face_detector()(image, 1)[0]
landmarks = dlib.shape_predictor(face_recognition_models.pose_predictor_model_location())(image, face)
network = dlib.face_recognition_model_v1(face_recognition_models.face_recognition_model_location())
numpy.save(sys.argv[1], [network.compute_face_descriptor(image, landmarks, n) for n in (0, 0, 10, 10)])
PY
venv/bin/python -W ignore jitters.py one.npy
venv/bin/python -W ignore jitters.py two.npy
venv/bin/python - <<'PY'
import importlib.metadata
import numpy

one, two = numpy.load("one.npy"), numpy.load("two.npy")
print("dlib-bin", importlib.metadata.version("dlib-bin"))
print("no jitters, twice in a process: distance", numpy.linalg.norm(one[0] - one[1]))
print("10 jitters, twice in a process: distance", round(numpy.linalg.norm(one[2] - one[3]), 4))
print("10 jitters, first call of two processes: distance", numpy.linalg.norm(one[2] - two[2]))
print("10 jitters, second call of two processes: distance", numpy.linalg.norm(one[3] - two[3]))
assert (one[0] == one[1]).all()
assert numpy.linalg.norm(one[2] - one[3]) > 0.01
assert (one[2] == two[2]).all() and (one[3] == two[3]).all()
print("As described: calls differ, processes do not.")
PY
