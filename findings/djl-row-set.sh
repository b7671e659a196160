#!/usr/bin/env bash
# What:      ai.djl:api and pytorch-engine 0.36.0 with PyTorch 2.7.1: a row of an NDArray, get(0), is written to by
#            set(...) with an array of numbers, and by addi, which adds in place.
# Guess:     the row shares the memory of the whole array, as in PyTorch and in NumPy, so that both write into it.
# Behaviour: addi does. set does not: it gives the row memory of its own, and the whole array keeps its old numbers.
#            From then on addi on the row is lost too. Nothing says so; set on the whole array, by an index, writes.
# Matters:   a batch that is filled by batch.get(i).set(numbers of face i) keeps its zeros, and each face in it gets the
#            same embedding, which is like all others. Use batch.set(new NDIndex("{}", i), array).
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

cat > Rows.java <<'JAVA'
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.Consumer;

class Rows {
    static final float[] FACE = {7, 8, 9};
    static NDManager manager;

    /** A batch of two faces of zeros after it was written to. */
    static float[] written(String name, Consumer<NDArray> write) {
        NDArray batch = manager.zeros(new Shape(2, 3));
        write.accept(batch);
        float[] numbers = batch.toFloatArray();
        System.out.println(name + ": the batch is " + Arrays.toString(numbers));
        return numbers;
    }

    public static void main(String[] args) {
        manager = NDManager.newBaseManager("PyTorch");
        System.out.println("DJL " + Engine.getDjlVersion() + ", PyTorch " + manager.getEngine().getVersion());
        float[] added = written("get(0).addi(5)", batch -> batch.get(0).addi(5));
        float[] set = written("get(0).set(face)", batch -> {
            NDArray row = batch.get(0);
            row.set(FACE);
            System.out.println("the row itself is " + Arrays.toString(row.toFloatArray()));
        });
        float[] both = written("get(0), set(face), addi(5)", batch -> {
            NDArray row = batch.get(0);
            row.set(FACE);
            row.addi(5);
        });
        float[] index = written("set(index 0, face)", batch -> batch.set(new NDIndex("0"), manager.create(FACE)));
        boolean asDescribed = Arrays.equals(added, new float[] {5, 5, 5, 0, 0, 0})
                && Arrays.equals(set, new float[6])
                && Arrays.equals(both, new float[6])
                && Arrays.equals(index, new float[] {7, 8, 9, 0, 0, 0});
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
export DJL_OFFLINE=true PYTORCH_FLAVOR=cpu DJL_CACHE_DIR="$dir/cache"
java -cp "$(cat classpath)" Rows.java 2> log || { cat log; exit 1; }
