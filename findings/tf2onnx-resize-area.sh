#!/usr/bin/env bash
# What:      `tf.image.resize` with method "area" (tensorflow-cpu 2.21.0), converted by tf2onnx 1.17.0 and run by
#            onnxruntime 1.32.0: pictures of 8 by 8 that are shrunk to 4 by 4 and 2 by 2.
# Guess:     the converted model gives what TensorFlow gives, the mean of each square of 4 or 16 pixels; or the
#            converter refuses the method, as it leaves what it does not know to fail at load.
# Behaviour: it writes a Resize of mode "nearest": the upper left pixel of each square, all others are dropped. A
#            chessboard of 0 and 255 is grey in TensorFlow, and black here. Nothing is said, also not by onnxruntime.
# Matters:   area is the method for shrinking photos without aliasing, and detectors that build a pyramid inside of the
#            model use it. Such a model finds other faces once converted. Shrink by whole factors with an average
#            pooling, or outside of the model.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q tensorflow-cpu==2.21.0 tf2onnx==1.17.0 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

cat > area.py <<'PY'
import os
import sys
from importlib.metadata import version

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import onnxruntime
import tensorflow as tf
import tf2onnx

print(*(f"{name} {version(name)}" for name in ["tensorflow-cpu", "tf2onnx", "onnxruntime"]))
rows, columns = np.indices((8, 8))
pictures = {
    "chessboard": ((rows + columns) % 2 * 255).astype(np.float32).reshape(1, 8, 8, 1),
    "ramp": (8 * rows + columns).astype(np.float32).reshape(1, 8, 8, 1),
}
as_described = True
for side in [4, 2]:
    factor = 8 // side
    signature = [tf.TensorSpec([1, 8, 8, 1], tf.float32, name="picture")]

    @tf.function(input_signature=signature)
    def shrink(picture):
        return tf.image.resize(picture, [side, side], method="area")

    model, _ = tf2onnx.convert.from_function(shrink, input_signature=signature, opset=18)
    resize = next(node for node in model.graph.node if node.op_type == "Resize")
    mode = next(attribute.s.decode() for attribute in resize.attribute if attribute.name == "mode")
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    for name, picture in pictures.items():
        want = shrink(picture).numpy().reshape(side, side)
        got = session.run(None, {"picture": picture})[0].reshape(side, side)
        means = picture.reshape(side, factor, side, factor).mean(axis=(1, 3))
        corners = picture.reshape(8, 8)[::factor, ::factor]
        print(f"{name} to {side} by {side}: TensorFlow begins with {want[0, :2].tolist()}, the converted model (Resize,"
              f" {mode}) with {got[0, :2].tolist()}")
        assert np.allclose(want, means), want
        as_described &= mode == "nearest" and np.array_equal(got, corners)
if not as_described:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python area.py 2> log || { tail -20 log; exit 1; }
