#!/usr/bin/env bash
# What:      ai.djl 0.36.0, NDArray.split(sections) of 10 rows in 3 and of 4 rows in 3, with pytorch-engine (PyTorch
#            2.7.1) and tensorflow-engine (TensorFlow 2.16.2).
# Guess:     an error, as the Javadoc's "equal" parts and NumPy's split suggest, or 3 parts of which the last one is
#            shorter, as from PyTorch's chunk; never another number of parts.
# Behaviour: TensorFlow's throws. PyTorch's gives 4 parts each time: 3, 3, 3 and 1 rows; 1, 1, 1 and 1.
# Matters:   whoever splits a batch of faces among 3 workers, and takes the first 3 parts, leaves the last faces out
#            whenever their number is no multiple of 3. Split by indices: split(new long[] {4, 7}).
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

cat > Split.java <<'JAVA'
import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

class Split {
    /** The rows of each part. */
    static String parts(NDManager manager, int rows, int sections) {
        try {
            NDList parts = manager.ones(new Shape(rows, 2)).split(sections);
            return parts.stream().map(NDArray::getShape).map(shape -> shape.get(0)).toList().toString();
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }

    static List<String> run(String engine) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), engine)) {
            List<String> seen = List.of(parts(manager, 9, 3), parts(manager, 10, 3), parts(manager, 4, 3));
            System.out.println(engine + ", 9, 10 and 4 rows in 3: " + String.join("; ", seen));
            return seen;
        }
    }

    public static void main(String[] args) {
        System.out.println("DJL " + Engine.getDjlVersion() + ", Java " + System.getProperty("java.version"));
        String error = "array split does not result in an equal division";
        boolean asDescribed = run("PyTorch").equals(List.of("[3, 3, 3]", "[3, 3, 3, 1]", "[1, 1, 1, 1]"))
                & run("TensorFlow").equals(List.of("[3, 3, 3]", error, error));
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
export TF_CPP_MIN_LOG_LEVEL=3 DJL_OFFLINE=true PYTORCH_FLAVOR=cpu DJL_CACHE_DIR="$dir/cache"
java -cp "$(cat classpath)" Split.java 2> log || { cat log; exit 1; }
