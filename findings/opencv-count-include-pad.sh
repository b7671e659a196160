#!/usr/bin/env bash
# What:      an AveragePool of 3x3 with padding 1 and count_include_pad=1, as PyTorch's exporter writes for AvgPool2d,
#            in OpenCV's dnn 4.13.0 (opencv-python-headless 4.13.0.92), beside 5.0.0 (5.0.0.93) and onnxruntime 1.32.0.
# Guess:     the numbers are onnxruntime's up to rounding, for such a plain layer with one attribute.
# Behaviour: 4.13.0 has no such attribute and drops it without a word: at the border it divides by the pixels that there
#            are, not by nine. A corner of ones is 1 instead of 0.44. 5.0.0 is right, but not if ceil_mode=1 as well.
# Matters:   AvgPool2d counts the padding unless told otherwise. Features at the border come out up to 2.25 times as
#            large, and faces at the edge get other scores than in training. Write the padding as a layer of its own
#            (Pad, then AveragePool without padding): that is right in all.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > networks.py <<'PY'
import onnx
from onnx import TensorProto, helper, numpy_helper
import numpy as np
import onnxruntime


def save(name, side, nodes, size, initializers=()):
    graph = helper.make_graph(
        nodes, "pool", [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, 1, side, side])],
        [helper.make_tensor_value_info("pooled", TensorProto.FLOAT, [1, 1, size, size])], list(initializers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, name + ".onnx")
    session = onnxruntime.InferenceSession(name + ".onnx", providers=["CPUExecutionProvider"])
    output = session.run(None, {"features": np.ones((1, 1, side, side), np.float32)})[0][0, 0]
    print(f"onnxruntime {onnxruntime.__version__}, {name}: {rows(output)}")
    np.save(name + ".npy", output)


def rows(output):
    return [" ".join(f"{value:.2f}" for value in row) for row in output]


def pool(source, **attributes):
    return helper.make_node("AveragePool", [source], ["pooled"], kernel_shape=[3, 3], **attributes)


save("counted", 5, [pool("features", strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)], 3)
save("not-counted", 5, [pool("features", strides=[2, 2], pads=[1, 1, 1, 1])], 3)
save("own-layer", 5, [helper.make_node("Pad", ["features", "border"], ["padded"]), pool("padded", strides=[2, 2])], 3,
     [numpy_helper.from_array(np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64), "border")])
save("counted-ceil", 6, [pool("features", strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1, ceil_mode=1)], 4)
PY
cat > read.py <<'PY'
import sys

import cv2
import numpy as np


def rows(output):
    return [" ".join(f"{value:.2f}" for value in row) for row in output]


four = cv2.__version__.startswith("4.")
changed = False
for name, wrong in (("counted", four), ("not-counted", False), ("own-layer", False), ("counted-ceil", True)):
    expected = np.load(name + ".npy")
    net = cv2.dnn.readNetFromONNX(name + ".onnx")
    side = 6 if name.endswith("ceil") else 5
    net.setInput(np.ones((1, 1, side, side), np.float32))
    output = net.forward()[0, 0]
    print(f"OpenCV {cv2.__version__}, {name}: {rows(output)}")
    changed = changed or np.allclose(output, expected, atol=1e-3) == wrong
if changed:
    sys.exit("CHANGED")
PY
python3 -m venv venv
venv/bin/pip install -q onnx==1.23.2 onnxruntime==1.32.0 numpy==2.2.6
venv/bin/python networks.py
for version in 4.13.0.92 5.0.0.93; do
    venv/bin/pip install -q --no-deps --target "opencv-$version" "opencv-python-headless==$version"
    PYTHONPATH="opencv-$version" venv/bin/python read.py 2> errors.log || { cat errors.log >&2; exit 1; }
done
echo "As described."
