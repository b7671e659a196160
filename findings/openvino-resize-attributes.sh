#!/usr/bin/env bash
# What:      OpenVINO 2026.4.1 (Python) reads ONNX networks that make their picture small by themselves: a Resize with
#            antialias=1, and one with keep_aspect_ratio_policy="not_larger" (both are ONNX since opset 18). Beside it
#            onnxruntime 1.32.0 runs the same files.
# Guess:     OpenVINO refuses what it does not support, as it does with coordinate_transformation_mode
#            "half_pixel_symmetric"; what it reads it runs as ONNX says.
# Behaviour: both attributes are dropped without a word. The picture is made small without antialiasing: lines of one
#            pixel turn to black or white instead of grey. And it is stretched to the size instead of keeping its
#            proportions, so the output has another shape than ONNX says.
# Matters:   a network with its own letterbox sees wide faces, and one trained on antialiased pictures sees rough ones:
#            it finds less, without an error. Resize before the network.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q openvino==2026.4.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.2.6

cat > resize.py <<'PY'
import importlib.metadata
import sys

import numpy as np
import onnx
import onnxruntime
import openvino
from onnx import TensorProto, helper, numpy_helper

for package in ("openvino", "onnxruntime"):
    print(package, importlib.metadata.version(package))
picture = np.zeros((1, 1, 8, 16), np.float32)
picture[..., ::4] = 1  # a white line in every fourth column


def resize(height, width, output, **attributes):
    size = numpy_helper.from_array(np.array([height, width], np.int64), "size")
    graph = helper.make_graph(
        [helper.make_node("Resize", ["picture", "", "", "size"], ["small"], mode="linear", axes=[2, 3], **attributes)],
        "resize", [helper.make_tensor_value_info("picture", TensorProto.FLOAT, list(picture.shape))],
        [helper.make_tensor_value_info("small", TensorProto.FLOAT, [1, 1, *output])], [size])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def both(file):
    """What onnxruntime and OpenVINO make of it."""
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return session.run(None, {"picture": picture})[0], compiled([picture])[0]


plain, plain_openvino = both(resize(2, 4, (2, 4)))
smooth, smooth_openvino = both(resize(2, 4, (2, 4), antialias=1))
kept, kept_openvino = both(resize(4, 4, (2, 4), keep_aspect_ratio_policy="not_larger"))
print("a row, as it is:          onnxruntime", plain[0, 0, 0].tolist(), "OpenVINO", plain_openvino[0, 0, 0].tolist())
print("a row, antialias=1:       onnxruntime", [round(float(value), 3) for value in smooth[0, 0, 0]],
      "OpenVINO", smooth_openvino[0, 0, 0].tolist())
print("8x16 into 4x4, keeping proportions: onnxruntime", kept.shape, "OpenVINO", kept_openvino.shape)
if not (np.allclose(plain, plain_openvino)
        and np.allclose(smooth_openvino, plain) and np.abs(smooth - plain).max() > 0.1
        and kept.shape == (1, 1, 2, 4) and kept_openvino.shape == (1, 1, 4, 4)):
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python resize.py
