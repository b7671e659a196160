#!/usr/bin/env bash
# What:      the Python package onnxoptimizer 0.4.2 with its default passes, run on a Pad of zeros and a MaxPool after
#            it, beside onnxsim 0.8.1, with onnxruntime 1.32.0 before and after.
# Guess:     "optimize" changes no result. Padding can move into a convolution. Into a MaxPool, whose own padding never
#            wins, it cannot, so that Pad stays.
# Behaviour: it is moved into the MaxPool. At the border, where all is below zero, the result was 0 and is now the
#            largest of the negative numbers. onnxsim, which grew out of the same passes, keeps the Pad.
# Matters:   after a ReLU nothing is below zero, and no test shows it. Face networks use PReLU, or pool what comes
#            straight from a convolution: their features at the border change. Leave the pass fuse_pad_into_pool out.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q onnxoptimizer==0.4.2 onnxsim==0.8.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.2.6

cat > border.py <<'PY'
import importlib.metadata
import sys

import numpy as np
import onnx
import onnxoptimizer
import onnxruntime
import onnxsim
from onnx import TensorProto, helper, numpy_helper

for package in ("onnxoptimizer", "onnxsim", "onnxruntime"):
    print(package, importlib.metadata.version(package))
border = numpy_helper.from_array(np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64), "border")
graph = helper.make_graph(
    [helper.make_node("PRelu", ["features", "slope"], ["activated"]),
     helper.make_node("Pad", ["activated", "border"], ["padded"]),
     helper.make_node("MaxPool", ["padded"], ["pooled"], kernel_shape=[3, 3], strides=[2, 2])], "border",
    [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, 1, 5, 5])],
    [helper.make_tensor_value_info("pooled", TensorProto.FLOAT, [1, 1, 3, 3])],
    [border, numpy_helper.from_array(np.full((1, 1, 1), 0.25, np.float32), "slope")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model, full_check=True)
features = np.full((1, 1, 5, 5), -4, np.float32)


def run(network):
    session = onnxruntime.InferenceSession(network.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"features": features})[0][0, 0]


results = {}
for name, network in (
    ("as it was", model),
    ("onnxoptimizer", onnxoptimizer.optimize(model)),
    ("onnxoptimizer without fuse_pad_into_pool", onnxoptimizer.optimize(
        model, [name for name in onnxoptimizer.get_fuse_and_elimination_passes() if name != "fuse_pad_into_pool"])),
    ("onnxsim", onnxsim.simplify(model)[0]),
):
    results[name] = run(network)
    print(f"{name}: {[node.op_type for node in network.graph.node]} gives {results[name].tolist()}")
expected = np.array([[0, 0, 0], [0, -1, 0], [0, 0, 0]], np.float32)
asDescribed = (results.pop("onnxoptimizer") == -1).all()
if not asDescribed or any((result != expected).any() for result in results.values()):
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python border.py 2> errors.log || { cat errors.log >&2; exit 1; }
