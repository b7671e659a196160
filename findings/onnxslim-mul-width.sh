#!/usr/bin/env bash
# What:      the Python package onnxslim 0.1.98, run on a convolution with a Mul after it that weighs the columns of the
#            picture (a constant of one number a column), with onnxruntime 1.32.0 before and after.
# Guess:     a network that was made slim gives the numbers of before, up to rounding, whatever the sizes of its layers.
# Behaviour: where the picture is as wide as the convolution has channels, the Mul is folded into the convolution's
#            kernels: each channel is weighed instead of each column. Shape and names stay, and nothing is reported.
#            With another width the Mul stays, and all is right.
# Matters:   feature maps of 64x64 with 64 channels are common. A mask of columns or a positional weight turns into
#            something else just there, and only the results tell. Compare outputs before and after.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q onnxslim==0.1.98 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.2.6

cat > columns.py <<'PY'
import sys

import numpy as np
import onnx
import onnxruntime
import onnxslim
from onnx import TensorProto, helper, numpy_helper

CHANNELS = 8


def network(width):
    random = np.random.default_rng(1)
    kernels = random.normal(size=(CHANNELS, 3, 1, 1)).astype(np.float32)
    weights = np.linspace(0, 1, width, dtype=np.float32)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["picture", "kernels"], ["features"]),
         helper.make_node("Mul", ["features", "weights"], ["weighed"])], "columns",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 6, width])],
        [helper.make_tensor_value_info("weighed", TensorProto.FLOAT, [1, CHANNELS, 6, width])],
        [numpy_helper.from_array(kernels, "kernels"), numpy_helper.from_array(weights, "weights")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


def run(model, picture):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"picture": picture})[0]


def row(features):
    return " ".join(f"{value:.2f}" for value in features[0, 0, 0])


print("onnxslim", onnxslim.__version__, "onnxruntime", onnxruntime.__version__)
changed = False
for width in (CHANNELS - 1, CHANNELS, CHANNELS + 1):
    picture = np.ones((1, 3, 6, width), np.float32)
    before = run(network(width), picture)
    slim = onnxslim.slim(network(width))
    after = run(slim, picture)
    difference = np.abs(after - before).max()
    print(f"{CHANNELS} channels, {width} columns: {[node.op_type for node in slim.graph.node]}, channel 1 of a row"
          f" was {row(before)}, is {row(after)}")
    changed = changed or (difference < 0.1 if width == CHANNELS else difference > 1e-4)
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python columns.py
