#!/usr/bin/env bash
# What:      `tf.nn.log_softmax` over the channels of a picture that lie in axis 1 (tensorflow-cpu 2.21.0), read by
#            OpenVINO 2026.4.1 as TensorFlow's graph and as the .tflite that TensorFlow's converter makes of it.
# Guess:     OpenVINO gives what TensorFlow gives, as it does for softmax over the same axis, or refuses.
# Behaviour: it takes the last axis instead, in both formats: exp of what it gives adds up to 1 over the columns, and
#            not over the channels. Softmax is right, and so is log_softmax over the last axis.
# Matters:   a network whose channels come first and that says per pixel or per anchor how probable a face is, as
#            logarithms, answers otherwise in OpenVINO, with plausible numbers below 0. Use softmax and log, or let the
#            channels be last.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q tensorflow-cpu==2.21.0 openvino==2026.4.1 ai-edge-litert==2.3.0 numpy==2.4.6

cat > softmax.py <<'PY'
import os
import sys
from importlib.metadata import version

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import openvino
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

SHAPE = [2, 4, 5, 3]
x = np.random.default_rng(1).normal(size=SHAPE).astype(np.float32)
core = openvino.Core()


def answers(operation, axis):
    function = tf.function(
        lambda x: operation(x, axis=axis), input_signature=[tf.TensorSpec(SHAPE, tf.float32)]).get_concrete_function()
    with open("graph.pb", "wb") as file:
        file.write(function.graph.as_graph_def().SerializeToString())
    with open("model.tflite", "wb") as file:
        file.write(tf.lite.TFLiteConverter.from_concrete_functions([function]).convert())
    lite = Interpreter("model.tflite")
    lite.allocate_tensors()
    lite.set_tensor(lite.get_input_details()[0]["index"], x)
    lite.invoke()
    found = {"TensorFlow": function(x).numpy(), "LiteRT": lite.get_tensor(lite.get_output_details()[0]["index"])}
    for file in ["graph.pb", "model.tflite"]:
        model = core.compile_model(openvino.convert_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        found[f"OpenVINO of {file}"] = model(x)[0]
    return found


def axes(numbers):
    """The axes over which the probabilities add up to 1."""
    return [axis for axis in range(4) if np.allclose(numbers.sum(axis=axis), 1, atol=1e-4)]


print(*(f"{name} {version(name)}" for name in ["tensorflow-cpu", "openvino", "ai-edge-litert"]))
as_described = True
for name, operation in {"softmax": tf.nn.softmax, "log_softmax": tf.nn.log_softmax}.items():
    for axis in [1, 3]:
        for who, numbers in answers(operation, axis).items():
            over = axes(np.exp(numbers) if name == "log_softmax" else numbers)
            print(f"{name} over axis {axis}, {who}: adds up to 1 over {over}")
            wrong = name == "log_softmax" and axis == 1 and who.startswith("OpenVINO")
            as_described &= over == ([3] if wrong else [axis])
if not as_described:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python softmax.py 2> log || { tail -20 log; exit 1; }
