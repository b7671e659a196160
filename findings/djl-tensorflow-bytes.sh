#!/usr/bin/env bash
# What:      ai.djl 0.36.0, the bytes 200 and 100 as UINT8 NDArrays and the two ways in which face networks want them,
#            (x - 127.5) / 128 and x / 255, with pytorch-engine (PyTorch 2.7.1) and tensorflow-engine (TensorFlow
#            2.16.2).
# Guess:     bytes and a number with a fraction make floats, with both engines, as in NumPy: 0.57 and -0.21; 0.78 and
#            0.39.
# Behaviour: so with PyTorch. With TensorFlow the result stays UINT8: 127.5 is 127, what is below 0 starts again at 255,
#            and quotients are cut. (x - 127.5) / 128 is 0 and 1, and x / 255 is 0 and 0, for all but white. No error.
# Matters:   a translator that was written and tested with the one engine makes a picture of zeros and ones with the
#            other, and every face becomes the same few vectors. Convert first: toType(DataType.FLOAT32, false).
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

cat > Bytes.java <<'JAVA'
import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;

class Bytes {
    static String show(NDArray array) {
        return array.getDataType() + " " + Arrays.toString(array.toType(DataType.FLOAT32, false).toFloatArray());
    }

    static String run(String engine) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), engine)) {
            NDArray bytes =
                    manager.create(ByteBuffer.wrap(new byte[] {(byte) 200, 100}), new Shape(2), DataType.UINT8);
            String seen = show(bytes.sub(127.5f)) + "; " + show(bytes.sub(127.5f).div(128f)) + "; "
                    + show(bytes.div(255f));
            System.out.println(engine + ": " + seen);
            return seen;
        }
    }

    public static void main(String[] args) {
        System.out.println("DJL " + Engine.getDjlVersion() + ", Java " + System.getProperty("java.version"));
        boolean asDescribed = run("PyTorch")
                        .equals("float32 [72.5, -27.5]; float32 [0.56640625, -0.21484375];"
                                + " float32 [0.78431374, 0.39215687]")
                & run("TensorFlow").equals("uint8 [73.0, 229.0]; uint8 [0.0, 1.0]; uint8 [0.0, 0.0]");
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
export TF_CPP_MIN_LOG_LEVEL=3 DJL_OFFLINE=true PYTORCH_FLAVOR=cpu DJL_CACHE_DIR="$dir/cache"
java -cp "$(cat classpath)" Bytes.java 2> log || { cat log; exit 1; }
