#!/usr/bin/env bash
# What:      onnx 1.23.2, version_converter.convert_version from opset 10 or 9 to 11 or later, for a network that
#            doubles its features by Resize or Upsample, as detectors do that look for faces of several sizes.
#            onnxruntime 1.32.0 runs it before and after.
# Guess:     the converter is there to keep what a network computes: the outputs are the same.
# Behaviour: with mode "linear" they are not. Until 10 the operator counts from a picture's corner, since 11 from the
#            centre of its pixels unless the attribute coordinate_transformation_mode says otherwise, and the converter
#            does not write it. All shifts by a quarter of a pixel and the last row is no longer repeated; the checker
#            finds nothing. With it set to "asymmetric" the old numbers come back.
# Matters:   a detector that was exported long ago and is lifted to a newer opset, as quantisers ask for, gives other
#            boxes and other scores than the one that was tested. Compare the outputs of both.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q onnx==1.23.2 onnxruntime==1.32.0 numpy==2.2.6

cat > resize.py <<'PY'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, checker, helper, shape_inference, version_converter

print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
picture = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)


def network(operator, opset, mode):
    """A network that doubles a picture of 4x4."""
    scales = helper.make_tensor("scales", TensorProto.FLOAT, [4], [1, 1, 2, 2])
    graph = helper.make_graph(
        [helper.make_node(operator, ["picture", "scales"], ["larger"], mode=mode)], "double",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 1, 4, 4])],
        [helper.make_tensor_value_info("larger", TensorProto.FLOAT, [1, 1, 8, 8])], [scales])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=6)


def output(model):
    checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"picture": picture})[0]


changed = False
for operator, opset, mode, moves in (
    ("Resize", 10, "linear", True),
    ("Upsample", 9, "linear", True),
    ("Resize", 10, "nearest", False),
    ("Upsample", 9, "nearest", False),
):
    old = network(operator, opset, mode)
    before = output(old)
    for target in (11, 13, 21):
        new = version_converter.convert_version(old, target)
        after = output(new)
        difference = np.abs(after - before).max()
        print(f"{operator} {mode}, opset {opset} to {target}: the largest difference is {difference} of 15")
        changed = changed or difference != (1.25 if moves else 0)
        node, = (node for node in new.graph.node if node.op_type == "Resize")
        assert "coordinate_transformation_mode" not in {attribute.name for attribute in node.attribute}, "CHANGED"
        node.attribute.append(helper.make_attribute("coordinate_transformation_mode", "asymmetric"))
        if mode == "linear":
            assert np.array_equal(output(new), before)
    print("  first row before:", before[0, 0, 0].tolist())
    print("  first row after: ", after[0, 0, 0].tolist())
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python resize.py
