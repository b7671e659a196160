#!/usr/bin/env bash
# What:      a Keras 3.15.1 model, one Dense layer, converted with tensorflow-cpu 2.21.0 by
#            TFLiteConverter.from_concrete_functions([function], model), and run by ai-edge-litert 2.3.0. The second
#            argument is what TensorFlow asks for in a warning where it is missing.
# Guess:     the model gives the numbers that Keras gives. Without the second argument it may fail or be worse, as that
#            is deprecated.
# Behaviour: with it, the model has no weights: it reads variables that nothing ever writes, and gives whatever lay in
#            memory, other numbers in each run, NaN with more layers. Neither the converter nor the runtime says
#            anything. Without it, in the deprecated way, the numbers are right, as are those of from_keras_model. The
#            file's size tells: 1 KiB without weights.
# Matters:   a face network so converted gives embeddings, of the right shape, that are noise: nobody is found, or NaN
#            goes to the gallery. Convert a plain Keras model by from_keras_model; a tf.Module with variables of its own
#            is right too.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q tensorflow-cpu==2.21.0 keras==3.15.1 ai-edge-litert==2.3.0 numpy==2.4.6

cat > weights.py <<'PY'
import os
import sys
from importlib.metadata import version

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

FACE = np.ones((1, 3), np.float32)


class Module(tf.Module):
    def __init__(self, weights):
        super().__init__()
        self.weights = tf.Variable(weights)

    @tf.function(input_signature=[tf.TensorSpec([1, 3], tf.float32)])
    def embed(self, faces):
        return faces @ self.weights


def run(converter):
    bytes_ = converter.convert()
    model = Interpreter(model_content=bytes_)
    model.allocate_tensors()
    model.set_tensor(model.get_input_details()[0]["index"], FACE)
    model.invoke()
    return len(bytes_), model.get_tensor(model.get_output_details()[0]["index"])[0]


print(*(f"{name} {version(name)}" for name in ["tensorflow-cpu", "keras", "ai-edge-litert"]))
network = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(512, use_bias=False)])
weights = np.random.default_rng(1).normal(size=(3, 512)).astype(np.float32)
network.set_weights([weights])
function = tf.function(lambda faces: network(faces), input_signature=[tf.TensorSpec([1, 3], tf.float32)])
function = function.get_concrete_function()
module = Module(weights)
converter = tf.lite.TFLiteConverter
right = {}
for name, made in {
    "from_concrete_functions([function], model)": converter.from_concrete_functions([function], network),
    "from_concrete_functions([function])": converter.from_concrete_functions([function]),
    "from_keras_model(model)": converter.from_keras_model(network),
    "from_concrete_functions of a tf.Module": converter.from_concrete_functions(
        [module.embed.get_concrete_function()], module),
}.items():
    size, numbers = run(made)
    right[name] = bool(np.allclose(numbers, weights.sum(axis=0), atol=1e-4))
    print(f"{name}: {size} bytes, begins with {numbers[:3].tolist()}, right: {right[name]}")
print("Keras gives", network(FACE).numpy()[0, :3].tolist())
if list(right.values()) != [False, True, True, True]:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python weights.py 2> log > out || { tail -20 log out; exit 1; }
grep -E "^(tensorflow|from_|Keras|As)" out
