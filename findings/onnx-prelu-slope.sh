#!/usr/bin/env bash
# What:      an ONNX PRelu whose slopes are a plain list, one for each channel, as MXNet wrote them for face networks,
#            in onnxruntime 1.32.0, OpenVINO 2026.4.1 and OpenCV's dnn 4.13.0 and 5.0.0.
# Guess:     ONNX lines a list up with the last dimension, the columns. So all refuse it, or use it by column where
#            there are as many columns as channels.
# Behaviour: OpenVINO and both of OpenCV take a list of as many numbers as channels for slopes by channel, at any width.
#            onnxruntime refuses it, but where there are as many columns as channels: there it silently goes by column.
# Matters:   a network tried in OpenCV or OpenVINO is refused by onnxruntime, or gives other embeddings after one layer
#            whose features happen to be as wide as they are deep. Give the slopes the shape channels x 1 x 1: then all
#            agree.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q onnx==1.23.2 onnxruntime==1.32.0 openvino==2026.4.1 numpy==2.2.6
for version in 4.13.0.92 5.0.0.93; do
    venv/bin/pip install -q --no-deps --target "opencv-$version" "opencv-python-headless==$version"
done

cat > slopes.py <<'PY'
import os
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import openvino
from onnx import TensorProto, helper, numpy_helper

CHANNELS = 4
slopes = np.array([0.1, 0.2, 0.3, 0.4], np.float32)


def save(name, width, shape):
    graph = helper.make_graph(
        [helper.make_node("PRelu", ["features", "slopes"], ["activated"])], "prelu",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, CHANNELS, 2, width])],
        [helper.make_tensor_value_info("activated", TensorProto.FLOAT, [1, CHANNELS, 2, width])],
        [numpy_helper.from_array(slopes.reshape(shape), "slopes")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, name)


def in_onnxruntime(file, features):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return session.run(None, {"features": features})[0]


def in_openvino(file, features):
    return openvino.Core().compile_model(file, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([features])[0]


def in_opencv(version):
    def run(file, features):
        np.save("features.npy", features)
        code = ("import cv2, numpy, sys; net = cv2.dnn.readNetFromONNX(sys.argv[1]);"
                "net.setInput(numpy.load('features.npy')); numpy.save('activated.npy', net.forward())")
        subprocess.run([sys.executable, "-c", code, file], check=True, stderr=subprocess.DEVNULL,
                       env={**os.environ, "PYTHONPATH": f"opencv-{version}"})
        return np.load("activated.npy")
    return run


def used(run, width, shape):
    """By what the slopes are used."""
    save("prelu.onnx", width, shape)
    features = np.full((1, CHANNELS, 2, width), -1, np.float32)
    try:
        got = -run("prelu.onnx", features)
    except Exception as refused:
        if not type(refused).__module__.startswith("onnxruntime"):
            raise
        return "refused"
    if np.allclose(got, np.broadcast_to(slopes.reshape(1, CHANNELS, 1, 1), got.shape)):
        return "by channel"
    return "by column" if width == CHANNELS and np.allclose(got, np.broadcast_to(slopes, got.shape)) else "otherwise"


runs = {f"onnxruntime {onnxruntime.__version__}": in_onnxruntime,
        f"OpenVINO {openvino.__version__.split('-')[0]}": in_openvino,
        "OpenCV 4.13.0": in_opencv("4.13.0.92"), "OpenCV 5.0.0": in_opencv("5.0.0.93")}
changed = False
for name, run in runs.items():
    results = [used(run, CHANNELS + 2, (CHANNELS,)), used(run, CHANNELS, (CHANNELS,)),
               used(run, CHANNELS, (CHANNELS, 1, 1))]
    print(f"{name}: a list, 6 columns: {results[0]}; a list, 4 columns: {results[1]}; 4x1x1, 4 columns: {results[2]}")
    expected = ["refused", "by column"] if name.startswith("onnxruntime") else ["by channel", "by channel"]
    changed = changed or results != [*expected, "by channel"]
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python slopes.py
