#!/usr/bin/env bash
# What:      OpenCV's dnn 4.13.0 (opencv-python-headless 4.13.0.92) beside 5.0.0 (5.0.0.93) and onnxruntime 1.32.0, for
#            the step by which small detectors and landmark networks double their features: a ConvTranspose of 4x4 with
#            stride 2 and a group for each channel, and a BatchNormalization after it.
# Guess:     the numbers are onnxruntime's up to rounding: OpenCV's own tests have both layers.
# Behaviour: 4.13.0 has other numbers, without a word, as soon as there is more than one group and the normalization
#            follows: it folds the normalization into the kernel, and that goes wrong by two thirds of the largest
#            value. The layer alone, one group, and 5.0.0 are right; so is 4.13.0 with enableFusion(False).
# Matters:   a network's landmarks are elsewhere than where it was trained, though each of its layers is supported. Call
#            enableFusion(False), or fold the normalization in the file.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > networks.py <<'PY'
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(1)


def network(channels, groups, normalized):
    """A network that doubles the size of features of 8x8, and perhaps normalizes them."""
    values = {
        "kernel": random.normal(size=(channels, channels // groups, 4, 4)),
        "factor": random.uniform(0.5, 2, channels),
        "bias": random.normal(size=channels),
        "mean": random.normal(size=channels),
        "variance": random.uniform(0.5, 2, channels),
    }
    nodes = [helper.make_node("ConvTranspose", ["features", "kernel"], ["doubled"], strides=[2, 2],
                              pads=[1, 1, 1, 1], group=groups)]
    if normalized:
        nodes.append(helper.make_node("BatchNormalization", ["doubled", "factor", "bias", "mean", "variance"],
                                      ["normalized"]))
    graph = helper.make_graph(
        nodes, "double", [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, channels, 8, 8])],
        [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, [1, channels, 16, 16])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in values.items()
         if normalized or name == "kernel"])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


CASES = [(32, 1, True), (32, 32, False), (32, 32, True), (32, 4, True)]


def features(channels):
    return np.random.default_rng(2).normal(size=(1, channels, 8, 8)).astype(np.float32)
PY
cat > expected.py <<'PY'
import numpy as np
import onnxruntime
from networks import CASES, features, network

print("onnxruntime", onnxruntime.__version__)
for number, case in enumerate(CASES):
    file = network(*case)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    output, = session.run(None, {"features": features(case[0])})
    np.savez(f"case{number}.npz", model=np.frombuffer(file, np.uint8), output=output)
PY
cat > read.py <<'PY'
import sys

import cv2
import numpy as np
from networks import CASES, features

four = cv2.__version__.startswith("4.")
changed = False
for number, (channels, groups, normalized) in enumerate(CASES):
    case = np.load(f"case{number}.npz")
    for fused in (True, False) if four else (True,):
        net = cv2.dnn.readNetFromONNX(case["model"])
        if not fused:
            net.enableFusion(False)
        net.setInput(features(channels))
        difference = np.abs(net.forward() - case["output"]).max() / np.abs(case["output"]).max()
        print(f"OpenCV {cv2.__version__}, groups: {groups}, normalized: {normalized}, fusion: {fused}:"
              f" the largest difference is {difference:.1%} of the largest value")
        wrong = four and groups > 1 and normalized and fused
        changed = changed or (difference < 0.1 if wrong else difference > 0.001)
if changed:
    sys.exit("CHANGED")
PY
python3 -m venv venv
venv/bin/pip install -q onnx==1.23.2 onnxruntime==1.32.0 numpy==2.2.6
venv/bin/python expected.py
for version in 4.13.0.92 5.0.0.93; do
    venv/bin/pip install -q --no-deps --target "opencv-$version" "opencv-python-headless==$version"
    PYTHONPATH="opencv-$version" venv/bin/python read.py 2> errors.log || { cat errors.log >&2; exit 1; }
done
echo "As described."
