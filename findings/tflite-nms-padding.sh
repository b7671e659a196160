#!/usr/bin/env bash
# What:      TensorFlow's `tf.image.non_max_suppression` with a score threshold (tensorflow-cpu 2.21.0), converted by
#            its TFLiteConverter and run by ai-edge-litert 2.3.0: three boxes, at most five to keep.
# Guess:     the converted model keeps the same boxes as TensorFlow, as it gives the same numbers for hundreds of other
#            operations: none in a picture whose scores are all below the threshold.
# Behaviour: its list is always five long. Each place that is left over holds 0, which is the number of the first box
#            there is. That box counts as kept though its score is below the threshold, and in a picture without any
#            face it is kept five times. How many are true is nowhere among the outputs.
# Matters:   a face detector with its suppression inside finds, on a phone or a small board, as many copies of an
#            anchor's box as it may give, where the same model in TensorFlow finds nobody. The converter says nothing.
#            Convert `non_max_suppression_padded`, which gives the count too, or suppress outside of the model.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q tensorflow-cpu==2.21.0 ai-edge-litert==2.3.0 numpy==2.4.6

cat > suppression.py <<'PY'
import os
import sys
from importlib.metadata import version

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

BOXES = np.array([[0.6, 0.6, 0.9, 0.9], [0, 0, 0.3, 0.3], [0.5, 0.1, 0.8, 0.4]], np.float32)


class Detector(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([3], tf.float32)])
    def plain(self, scores):
        return tf.image.non_max_suppression(BOXES, scores, 5, iou_threshold=0.5, score_threshold=0.5)

    @tf.function(input_signature=[tf.TensorSpec([3], tf.float32)])
    def padded(self, scores):
        return tf.image.non_max_suppression_padded(
            BOXES, scores, 5, iou_threshold=0.5, score_threshold=0.5, pad_to_max_output_size=True)


def converted(detector, function):
    function = function.get_concrete_function()
    model = Interpreter(model_content=tf.lite.TFLiteConverter.from_concrete_functions([function], detector).convert())
    model.allocate_tensors()

    def run(scores):
        model.set_tensor(model.get_input_details()[0]["index"], scores)
        model.invoke()
        return [model.get_tensor(output["index"]).tolist() for output in model.get_output_details()]
    return run


print("tensorflow-cpu", version("tensorflow-cpu"), "ai-edge-litert", version("ai-edge-litert"))
detector = Detector()
plain = converted(detector, detector.plain)
padded = converted(detector, detector.padded)
kept = {}
for name, given in {"two faces": [0.1, 0.9, 0.8], "no face": [0.1, 0.2, 0.3]}.items():
    scores = np.array(given, np.float32)
    kept[name] = detector.plain(scores).numpy().tolist(), plain(scores)
    print(f"{name}, scores {given}: TensorFlow keeps the boxes {kept[name][0]}, the converted model"
          f" {kept[name][1]}; padded and converted {padded(scores)}")
    assert len(kept[name][0]) in padded(scores), padded(scores)
if kept != {"two faces": ([1, 2], [[1, 2, 0, 0, 0]]), "no face": ([], [[0, 0, 0, 0, 0]])}:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python suppression.py 2> log || { tail -20 log; exit 1; }
