#!/usr/bin/env bash
# What:      OpenCV's Java bindings, org.openpnp:opencv 4.9.0-0: FaceRecognizerSF.feature(face, feature), and
#            Net.forward() behind it. The network is a small one that the script makes; any does the same.
# Guess:     each call fills the Mat that it was given. The feature of the first face stays what it was when the second
#            face is computed into another Mat.
# Behaviour: both Mats point to the same memory, inside the network. After the second call the first face has the
#            second one's feature, and match() of two strangers is 1.0. So it is with two results of Net.forward(). And
#            match() itself scales the features that it is given to length 1, in the caller's memory.
# Matters:   whoever keeps the features of a gallery in a list has the last person in every place, and everybody is
#            known as everybody. Keep feature.clone(), and read its length, a sign of quality, before match().
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q onnx==1.18.0 numpy==1.26.4 protobuf==6.31.1

cat > network.py <<'PY'
"""Makes a network with the shapes of SFace: from the mean of each colour to 128 values."""
import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

weights = numpy.random.default_rng(0).normal(size=(3, 128)).astype(numpy.float32)
graph = helper.make_graph(
    [
        helper.make_node("GlobalAveragePool", ["data"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["colours"]),
        helper.make_node("Gemm", ["colours", "weights"], ["fc1"]),
    ],
    "feature",
    [helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 112, 112])],
    [helper.make_tensor_value_info("fc1", TensorProto.FLOAT, [1, 128])],
    [numpy_helper.from_array(weights, "weights")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)])
model.ir_version = 7
onnx.checker.check_model(model)
onnx.save(model, "network.onnx")
PY
venv/bin/python network.py

cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.openpnp</groupId><artifactId>opencv</artifactId><version>4.9.0-0</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath

cat > Features.java <<'JAVA'
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.dnn.Dnn;
import org.opencv.dnn.Net;
import org.opencv.objdetect.FaceRecognizerSF;

class Features {
    public static void main(String[] args) {
        nu.pattern.OpenCV.loadLocally();
        System.out.println("OpenCV " + Core.VERSION);
        Mat anna = new Mat(112, 112, CvType.CV_8UC3, new Scalar(10, 200, 30));
        Mat bert = new Mat(112, 112, CvType.CV_8UC3, new Scalar(220, 20, 130));

        FaceRecognizerSF recognizer = FaceRecognizerSF.create("network.onnx", "");
        Mat ofAnna = new Mat();
        Mat ofBert = new Mat();
        recognizer.feature(anna, ofAnna);
        double before = ofAnna.get(0, 0)[0];
        Mat copy = ofAnna.clone();
        double length = Core.norm(copy);
        recognizer.feature(bert, ofBert);
        double after = ofAnna.get(0, 0)[0];
        double ofOther = ofBert.get(0, 0)[0];
        double match = recognizer.match(ofAnna, ofBert);
        double right = recognizer.match(copy, ofBert);
        System.out.printf("feature(): the first value of the first face was %.2f and is %.2f%n", before, after);
        System.out.printf("length of the copy before match(): %.1f, after it: %.1f%n", length, Core.norm(copy));
        System.out.printf("match() of two strangers: %.3f; of the copy that was made in time: %.3f%n", match, right);

        Net net = Dnn.readNetFromONNX("network.onnx");
        net.setInput(Dnn.blobFromImage(anna));
        Mat first = net.forward();
        double was = first.get(0, 0)[0];
        net.setInput(Dnn.blobFromImage(bert));
        Mat second = net.forward();
        double is = first.get(0, 0)[0];
        System.out.printf("forward(): the first value of the first result was %.2f and is %.2f%n", was, is);

        boolean asDescribed = before != after
                && length > 100
                && after == ofOther
                && match > 0.999
                && right < 0.9
                && Math.abs(Core.norm(copy) - 1) < 1e-3
                && was != is
                && is == second.get(0, 0)[0];
        System.out.println(asDescribed ? "As described: the earlier feature is overwritten." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
java -cp "$(cat classpath)" Features.java
