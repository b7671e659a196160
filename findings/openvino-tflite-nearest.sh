#!/usr/bin/env bash
# What:      `tf.image.resize` with method "nearest" (tensorflow-cpu 2.21.0), converted to .tflite, and run by
#            ai-edge-litert 2.3.0 and by OpenVINO 2026.4.1, which reads .tflite itself: a row of 6 pixels is shrunk to 3
#            and to 2, and enlarged to 12.
# Guess:     OpenVINO gives what LiteRT gives. The file says half_pixel_centers, and OpenVINO knows that: of the same
#            graph in TensorFlow's own format it makes the right pixels.
# Behaviour: from .tflite it ignores the flag and takes the first pixel of each group: 0, 2, 4 where LiteRT and
#            TensorFlow take 1, 3, 5. Enlarging by a whole factor comes out the same, so that many models show nothing.
# Matters:   a face detector that shrinks its input or a map inside of the model sees everything up to half a cell
#            aside, and its boxes and landmarks move, only in OpenVINO. Convert from TensorFlow's format, or shrink by
#            pooling.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q tensorflow-cpu==2.21.0 openvino==2026.4.1 ai-edge-litert==2.3.0 numpy==2.4.6

cat > nearest.py <<'PY'
import os
import sys
from importlib.metadata import version

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import openvino
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

x = np.arange(6, dtype=np.float32).reshape(1, 1, 6, 1)
core = openvino.Core()
print(*(f"{name} {version(name)}" for name in ["tensorflow-cpu", "openvino", "ai-edge-litert"]))
same = {}
for width in [3, 2, 12]:
    function = tf.function(
        lambda x: tf.image.resize(x, [1, width], method="nearest"),
        input_signature=[tf.TensorSpec(x.shape, tf.float32)]).get_concrete_function()
    with open("graph.pb", "wb") as file:
        file.write(function.graph.as_graph_def().SerializeToString())
    with open("model.tflite", "wb") as file:
        file.write(tf.lite.TFLiteConverter.from_concrete_functions([function]).convert())
    lite = Interpreter("model.tflite")
    lite.allocate_tensors()
    lite.set_tensor(lite.get_input_details()[0]["index"], x)
    lite.invoke()
    rows = {"TensorFlow": function(x).numpy(), "LiteRT": lite.get_tensor(lite.get_output_details()[0]["index"])}
    for file in ["graph.pb", "model.tflite"]:
        model = core.compile_model(openvino.convert_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        rows[f"OpenVINO of {file}"] = model(x)[0]
    rows = {who: numbers.ravel().astype(int).tolist() for who, numbers in rows.items()}
    print(f"to {width}: " + "; ".join(f"{who} {row}" for who, row in rows.items()))
    same[width] = [row == rows["TensorFlow"] for row in rows.values()]
if same != {3: [True, True, True, False], 2: [True, True, True, False], 12: [True] * 4}:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python nearest.py 2> log || { tail -20 log; exit 1; }
