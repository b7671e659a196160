#!/usr/bin/env bash
# What:      ai.djl:api and pytorch-engine 0.36.0 with PyTorch 2.7.1, NDArray.toType(type, true) and toDevice(device,
#            true) on an array that has that type, or is on that device, already.
# Guess:     "true" asks for a copy, and a copy it is, as in NumPy's astype: what is done to it in place leaves the
#            first array as it was. Only with "false" the same array may come back.
# Behaviour: both give the same memory, whether a copy was asked for or not. subi, divi and the like change the first
#            array too. From uint8 to float32 there is a copy, since there must be.
# Matters:   an embedding that is float32 is normalised in place in its "copy", and the one that was kept for the
#            gallery is another one. The same lines are right as long as they are given the bytes of a picture. Use
#            duplicate().
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
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath

cat > Copies.java <<'JAVA'
import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.function.UnaryOperator;

class Copies {
    static NDManager manager;

    /** The first array after its copy was multiplied by 10 in place. */
    static float[] left(String name, UnaryOperator<NDArray> copy) {
        NDArray first = manager.create(new float[] {1, 2, 3});
        NDArray other = copy.apply(first);
        other.muli(10);
        float[] numbers = first.toFloatArray();
        System.out.println(name + ": the first array is now " + Arrays.toString(numbers));
        return numbers;
    }

    public static void main(String[] args) {
        manager = NDManager.newBaseManager("PyTorch");
        System.out.println("DJL " + Engine.getDjlVersion() + ", PyTorch " + manager.getEngine().getVersion());
        float[] type = left("toType(FLOAT32, true)", array -> array.toType(DataType.FLOAT32, true));
        float[] device = left("toDevice(cpu, true)", array -> array.toDevice(Device.cpu(), true));
        float[] wider = left("toType(FLOAT64, true)", array -> array.toType(DataType.FLOAT64, true));
        float[] duplicate = left("duplicate()", NDArray::duplicate);
        boolean asDescribed = type[0] == 10 && device[0] == 10 && wider[0] == 1 && duplicate[0] == 1;
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
export DJL_OFFLINE=true PYTORCH_FLAVOR=cpu DJL_CACHE_DIR="$dir/cache"
java -cp "$(cat classpath)" Copies.java 2> log || { cat log; exit 1; }
