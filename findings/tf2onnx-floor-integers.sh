#!/usr/bin/env bash
# What:      `x // 16` and `x % 16` of int32 in TensorFlow (tensorflow-cpu 2.21.0), converted by tf2onnx 1.17.0 and run
#            by onnxruntime 1.32.0, for left edges of boxes in pixels, some of them outside of the picture.
# Guess:     the converted model gives the same integers as TensorFlow, which rounds down as Python does. For floats it
#            does.
# Behaviour: for integers both are cut towards 0: -1 // 16 is 0 instead of -1, and -1 % 16 is -1 instead of 15. What is
#            not below 0 is right, as are floats.
# Matters:   a face at the left or upper edge has a box that begins below 0. In the converted model it falls into the
#            first cell together with those that are inside, or an index below 0 comes out, and only faces at two of
#            four edges are touched. Divide as floats, and cast at the end.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q tensorflow-cpu==2.21.0 tf2onnx==1.17.0 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

cat > floor.py <<'PY'
import os
import sys
from importlib.metadata import version

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import onnxruntime
import tensorflow as tf
import tf2onnx

EDGES = [-33, -16, -1, 0, 15, 31]
print(*(f"{name} {version(name)}" for name in ["tensorflow-cpu", "tf2onnx", "onnxruntime"]))
right = {}
for kind in [tf.int32, tf.float32]:
    for sign, operation in {"//": lambda x: x // 16, "%": lambda x: x % 16}.items():
        signature = [tf.TensorSpec([len(EDGES)], kind, name="edges")]
        function = tf.function(operation, input_signature=signature)
        model, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=18)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        edges = np.array(EDGES, kind.as_numpy_dtype)
        got = session.run(None, {"edges": edges})[0].astype(int).tolist()
        want = function(edges).numpy().astype(int).tolist()
        print(f"{kind.name} {EDGES} {sign} 16: TensorFlow {want}, the converted model {got}")
        right[kind.name, sign] = got == want
        if kind == tf.int32:
            cut = np.trunc(np.array(EDGES) / 16) if sign == "//" else np.fmod(EDGES, 16)
            assert got == want or got == cut.astype(int).tolist(), got
if right != {("int32", "//"): False, ("int32", "%"): False, ("float32", "//"): True, ("float32", "%"): True}:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python floor.py 2> log || { tail -20 log; exit 1; }
