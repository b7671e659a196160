#!/usr/bin/env bash
# What:      tf.nn.conv2d and depthwise_conv2d of an empty batch in tensorflow-cpu 2.21.0, with oneDNN (its default on
#            many CPUs) and without: [0, 16, 16, 3], eight filters of 3x3, a stride of 2, padding SAME.
# Guess:     an empty batch gives an empty batch with the output's height, width and channels, as shape inference
#            says, with oneDNN as without. What follows in the graph works.
# Behaviour: without oneDNN, [0, 8, 8, 8]. With it the result has the input's shape, [0, 16, 16, 3], eagerly and in a
#            graph, and no error is raised there. What follows is: a product with eight factors, or a dense layer.
#            With one picture instead of none both agree.
# Matters:   a frame without faces, or a branch of a graph that gets none of a batch, works on one machine and fails on
#            another, by its CPU. Skip the network when there is nothing to run, or put a switch before it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q tensorflow-cpu==2.21.0

cat > empty.py <<'PY'
import numpy as np
import tensorflow as tf

numbers = np.random.default_rng(1)
filters = tf.constant(numbers.normal(size=(3, 3, 3, 8)).astype(np.float32))
each = tf.constant(numbers.normal(size=(3, 3, 3, 1)).astype(np.float32))


def convolved(pictures):
    return tf.nn.conv2d(pictures, filters, strides=2, padding="SAME")


def scaled(pictures):
    return convolved(pictures) * tf.range(8, dtype=tf.float32)


def depthwise(pictures):
    return tf.nn.depthwise_conv2d(pictures, each, strides=[1, 2, 2, 1], padding="SAME")


for name, layer in (("convolved", convolved), ("in a graph", tf.function(convolved)),
                    ("times eight factors", scaled), ("depthwise", depthwise)):
    for count in (1, 0):
        try:
            print(name, count, list(layer(tf.zeros([count, 16, 16, 3])).shape))
        except tf.errors.InvalidArgumentError as error:
            print(name, count, "refused:", "Incompatible shapes" in str(error))
PY
run() {
    TF_CPP_MIN_LOG_LEVEL=3 TF_ENABLE_ONEDNN_OPTS=$1 venv/bin/python empty.py 2> errors || { cat errors; exit 1; }
}
run 0 > without
run 1 > with
echo "without oneDNN"; cat without
echo "with oneDNN"; cat with
diff without - <<'EXPECTED'
convolved 1 [1, 8, 8, 8]
convolved 0 [0, 8, 8, 8]
in a graph 1 [1, 8, 8, 8]
in a graph 0 [0, 8, 8, 8]
times eight factors 1 [1, 8, 8, 8]
times eight factors 0 [0, 8, 8, 8]
depthwise 1 [1, 8, 8, 3]
depthwise 0 [0, 8, 8, 3]
EXPECTED
diff with - <<'EXPECTED'
convolved 1 [1, 8, 8, 8]
convolved 0 [0, 16, 16, 3]
in a graph 1 [1, 8, 8, 8]
in a graph 0 [0, 16, 16, 3]
times eight factors 1 [1, 8, 8, 8]
times eight factors 0 refused: True
depthwise 1 [1, 8, 8, 3]
depthwise 0 [0, 16, 16, 3]
EXPECTED
