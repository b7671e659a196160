#!/usr/bin/env bash
# What:      OpenCV's dnn 5.0.0 (opencv-python-headless 5.0.0.93) beside 4.13.0 (4.13.0.92) and onnxruntime 1.32.0, for
#            the layers with which networks from TensorFlow halve a picture of 112x112: Conv, MaxPool and AveragePool of
#            3x3 with stride 2 and auto_pad="SAME_UPPER", which is TensorFlow's padding "same".
# Guess:     a new major version reads the same network to the same numbers, or refuses it.
# Behaviour: 4.13.0 agrees with onnxruntime. 5.0.0 has other numbers without a word: one row and column of zeros belong
#            to the right and the bottom, and it puts them to the left and the top, so that all is shifted by a pixel.
#            What it gives for SAME_UPPER is what SAME_LOWER should give. With the same padding written as numbers
#            (pads), and on pictures of 111x111, where both sides get one, it agrees.
# Matters:   each halving shifts once more, by a pixel of a smaller picture: after five of them a detector's boxes are
#            off, and an embedding is not the one that is stored. Replace auto_pad by pads in the file.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > networks.py <<'PY'
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(1)
KERNEL = numpy_helper.from_array(random.normal(size=(8, 3, 3, 3)).astype(np.float32), "kernel")


def network(operator, size, padding):
    """A network of one layer that halves a picture."""
    convolution = operator == "Conv"
    layer = helper.make_node(operator, ["picture", "kernel"] if convolution else ["picture"], ["half"],
                             kernel_shape=[3, 3], strides=[2, 2], **padding)
    half = (size + 1) // 2
    graph = helper.make_graph(
        [layer], "halve", [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, size, size])],
        [helper.make_tensor_value_info("half", TensorProto.FLOAT, [1, 8 if convolution else 3, half, half])],
        [KERNEL] if convolution else [])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def cases():
    upper, lower = {"auto_pad": "SAME_UPPER"}, {"auto_pad": "SAME_LOWER"}
    for operator in ("Conv", "MaxPool", "AveragePool"):
        yield f"{operator} of 112x112, SAME_UPPER", operator, 112, upper, upper
        yield f"{operator} of 112x112, SAME_UPPER against SAME_LOWER", operator, 112, upper, lower
        yield f"{operator} of 112x112, pads", operator, 112, {"pads": [0, 0, 1, 1]}, upper
        yield f"{operator} of 111x111, SAME_UPPER", operator, 111, upper, upper


def picture(size):
    return np.random.default_rng(2).uniform(0.5, 1, size=(1, 3, size, size)).astype(np.float32)
PY
cat > expected.py <<'PY'
import numpy as np
import onnxruntime
from networks import cases, network, picture

print("onnxruntime", onnxruntime.__version__)
outputs = {}
for title, operator, size, _, padding in cases():
    session = onnxruntime.InferenceSession(network(operator, size, padding), providers=["CPUExecutionProvider"])
    outputs[title], = session.run(None, {"picture": picture(size)})
np.savez("expected.npz", **outputs)
PY
cat > read.py <<'PY'
import sys

import cv2
import numpy as np
from networks import cases, network, picture

five = cv2.__version__.startswith("5.")
expected = np.load("expected.npz")
changed = False
for title, operator, size, padding, _ in cases():
    net = cv2.dnn.readNetFromONNX(np.frombuffer(network(operator, size, padding), np.uint8))
    net.setInput(picture(size))
    output, right = net.forward(), expected[title]
    assert output.shape == right.shape, (output.shape, right.shape)
    same = np.allclose(output, right, atol=1e-3)
    print(f"OpenCV {cv2.__version__}, {title}: {'the same numbers as' if same else 'other numbers than'} onnxruntime")
    shifted = five and "112x112, SAME_UPPER" in title
    changed = changed or same != (five if "against" in title else not shifted)
if changed:
    sys.exit("CHANGED")
PY
python3 -m venv venv
venv/bin/pip install -q onnx==1.23.2 onnxruntime==1.32.0 numpy==2.2.6
venv/bin/python expected.py
for version in 4.13.0.92 5.0.0.93; do
    venv/bin/pip install -q --no-deps --target "opencv-$version" "opencv-python-headless==$version"
    PYTHONPATH="opencv-$version" venv/bin/python read.py 2> errors.log || { cat errors.log >&2; exit 1; }
done
echo "As described."
