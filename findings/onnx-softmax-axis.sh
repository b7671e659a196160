#!/usr/bin/env bash
# What:      one Softmax of ONNX's opset 11, with axis=1 (its default), over 2x3x4 numbers, in onnxruntime 1.32.0,
#            OpenVINO 2026.4.1, OpenCV's dnn 4.13.0 and 5.0.0, tract 0.23.9, and in onnx 1.23.2 itself: its reference
#            evaluator and its version converter.
# Guess:     before opset 13, Softmax makes two dimensions of all and normalizes what follows the axis as one: the 12
#            numbers of a batch sum up to 1. Each runtime heeds the file's opset, and the reference does for sure.
# Behaviour: onnxruntime, tract and the version converter do. OpenVINO, both of OpenCV, and the reference evaluator
#            normalize along the axis alone, as since opset 13: the same 12 numbers sum up to 4.
# Matters:   many published networks are of opset 9 to 12. Scores of boxes are other ones in OpenCV and OpenVINO, while
#            shapes and range fit. Convert such files with onnx's version converter first, which puts a Flatten and a
#            Reshape around it: then all of them agree.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q onnx==1.23.2 onnxruntime==1.32.0 openvino==2026.4.1 tract==0.23.9 numpy==2.2.6
for version in 4.13.0.92 5.0.0.93; do
    venv/bin/pip install -q --no-deps --target "opencv-$version" "opencv-python-headless==$version"
done

cat > softmax.py <<'PY'
import importlib.metadata
import os
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import openvino
import tract
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator
from onnx.version_converter import convert_version

scores = np.random.default_rng(1).normal(size=(2, 3, 4)).astype(np.float32)
np.save("scores.npy", scores)
graph = helper.make_graph([helper.make_node("Softmax", ["scores"], ["shares"], axis=1)], "softmax",
                          [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [2, 3, 4])],
                          [helper.make_tensor_value_info("shares", TensorProto.FLOAT, [2, 3, 4])])
old = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=8)
onnx.checker.check_model(old, full_check=True)
onnx.save(old, "11.onnx")
onnx.save(convert_version(old, 17), "17.onnx")


def in_onnxruntime(file):
    return onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"scores": scores})[0]


def in_openvino(file):
    return openvino.Core().compile_model(file, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([scores])[0]


def in_tract(file):
    return tract.onnx().load(file).into_model().into_runnable().run([scores])[0].to_numpy()


def in_reference(file):
    return ReferenceEvaluator(file).run(None, {"scores": scores})[0]


def in_opencv(version):
    def run(file):
        code = ("import cv2, numpy, sys; net = cv2.dnn.readNetFromONNX(sys.argv[1]);"
                "net.setInput(numpy.load('scores.npy')); numpy.save('shares.npy', net.forward())")
        subprocess.run([sys.executable, "-c", code, file], check=True, stderr=subprocess.DEVNULL,
                       env={**os.environ, "PYTHONPATH": f"opencv-{version}"})
        return np.load("shares.npy")
    return run


batch = np.exp(scores) / np.exp(scores).sum(axis=(1, 2), keepdims=True)
axis = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
changed = False
for name, run, is_right in (
    ("onnxruntime " + onnxruntime.__version__, in_onnxruntime, True),
    ("tract " + importlib.metadata.version("tract"), in_tract, True),
    ("OpenVINO " + importlib.metadata.version("openvino"), in_openvino, False),
    ("OpenCV 4.13.0", in_opencv("4.13.0.92"), False),
    ("OpenCV 5.0.0", in_opencv("5.0.0.93"), False),
    (f"onnx {onnx.__version__}, reference evaluator", in_reference, False),
):
    old, new = run("11.onnx"), run("17.onnx")
    print(f"{name}: a batch sums up to {old[0].sum():.2f} in opset 11, to {new[0].sum():.2f} when converted to 17")
    changed = changed or not np.allclose(old, batch if is_right else axis, atol=1e-5)
    changed = changed or not np.allclose(new, batch, atol=1e-5)
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python softmax.py
