#!/usr/bin/env bash
# What:      ai.djl 0.36.0, NDImageUtils.resize of pictures (height, width, channels) to 2x2 and less, with
#            pytorch-engine (PyTorch 2.7.1) and tensorflow-engine (TensorFlow 2.16.2).
# Guess:     three dimensions go in and three come out, with both engines: (2, 2, 1) for a grey picture.
# Behaviour: so with PyTorch. TensorFlow's drops every dimension of 1: a grey picture comes back as (2, 2), a row of
#            pixels without its height, and a single pixel as (). Colour pictures of more than a row keep all three.
# Matters:   infrared cameras and grey networks: the next step (crop, toTensor, a batch) fails or takes the width for
#            the channels, and tests with colour pictures see nothing of it. Put the shape back: reshape(height,
#            width, channels).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>ai.djl.pytorch</groupId><artifactId>pytorch-engine</artifactId><version>0.36.0</version>
    </dependency>
    <dependency>
      <groupId>ai.djl.pytorch</groupId><artifactId>pytorch-jni</artifactId><version>2.7.1-0.36.0</version>
    </dependency>
    <dependency>
      <groupId>ai.djl.pytorch</groupId><artifactId>pytorch-native-cpu</artifactId><version>2.7.1</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
    <dependency>
      <groupId>ai.djl.tensorflow</groupId><artifactId>tensorflow-engine</artifactId><version>0.36.0</version>
    </dependency>
    <dependency>
      <groupId>org.tensorflow</groupId><artifactId>tensorflow-core-native</artifactId><version>1.0.0</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath
mkdir natives
(cd natives && jar xf "$(tr : '\n' < ../classpath | grep 'tensorflow-core-native.*linux-x86_64')")
TENSORFLOW_LIBRARY_PATH=$(dirname "$(find "$dir/natives" -name libjnitensorflow.so)")
export TENSORFLOW_LIBRARY_PATH

cat > Grey.java <<'JAVA'
import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

class Grey {
    static String run(String engine) {
        StringBuilder seen = new StringBuilder();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), engine)) {
            seen.append(NDImageUtils.resize(manager.ones(new Shape(4, 4, 3)), 2, 2).getShape());
            seen.append(NDImageUtils.resize(manager.ones(new Shape(4, 4, 1)), 2, 2).getShape());
            seen.append(NDImageUtils.resize(manager.ones(new Shape(1, 4, 3)), 2, 1).getShape());
            seen.append(NDImageUtils.resize(manager.ones(new Shape(4, 4, 1)), 1, 1).getShape());
        }
        System.out.println(engine + ": " + seen);
        return seen.toString();
    }

    public static void main(String[] args) {
        System.out.println("DJL " + Engine.getDjlVersion() + ", Java " + System.getProperty("java.version"));
        boolean asDescribed = run("PyTorch").equals("(2, 2, 3)(2, 2, 1)(1, 2, 3)(1, 1, 1)")
                & run("TensorFlow").equals("(2, 2, 3)(2, 2)(2, 3)()");
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
export TF_CPP_MIN_LOG_LEVEL=3 DJL_OFFLINE=true PYTORCH_FLAVOR=cpu DJL_CACHE_DIR="$dir/cache"
java -Djava.awt.headless=true -cp "$(cat classpath)" Grey.java 2> log || { cat log; exit 1; }
