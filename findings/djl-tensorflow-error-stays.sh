#!/usr/bin/env bash
# What:      ai.djl.tensorflow:tensorflow-engine 0.36.0 (TensorFlow 2.16.2), NDArrays on the CPU: one addition of two
#            arrays whose shapes do not fit, then additions that are right.
# Guess:     the wrong addition throws where it is called, as with PyTorch, and nothing else knows of it.
# Behaviour: it throws nothing. Every operation after it, however right, throws its message, on other threads and with
#            new managers too, until the process ends. Arrays can still be made and read whole.
# Matters:   a service whose translator does arithmetic on NDArrays answers nobody any more after one odd request, and
#            the log names shapes that no later request had. Check shapes before; let a health check run an operation,
#            and not only load the model; or do the arithmetic in the SavedModel.
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

cat > Stays.java <<'JAVA'
import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

class Stays {
    static final List<String> SEEN = new ArrayList<>();

    /** One and one, with a manager of its own. */
    static float sum() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "TensorFlow")) {
            return manager.ones(new Shape(1)).add(manager.ones(new Shape(1))).getFloat();
        }
    }

    /** A number in an array and out of it again. */
    static float stored() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "TensorFlow")) {
            return manager.create(new float[] {7}).toFloatArray()[0];
        }
    }

    static void see(String what, Supplier<Object> step) {
        String outcome;
        try {
            outcome = String.valueOf(step.get());
        } catch (RuntimeException e) {
            outcome = e.getMessage().lines().findFirst().orElse("");
            outcome = outcome.substring(outcome.indexOf("Incompatible"));
        }
        System.out.println(what + ": " + outcome);
        SEEN.add(outcome);
    }

    public static void main(String[] args) {
        System.out.println("DJL " + Engine.getDjlVersion() + ", Java " + System.getProperty("java.version"));
        see("1 + 1", Stays::sum);
        see("2 elements + 3 elements", () -> {
            NDManager manager = NDManager.newBaseManager(Device.cpu(), "TensorFlow");
            manager.create(new float[2]).add(manager.create(new float[3]));
            return "no error";
        });
        see("1 + 1", Stays::sum);
        see("1 + 1, again", Stays::sum);
        see("1 + 1, on another thread", () -> CompletableFuture.supplyAsync(Stays::sum).join());
        see("7, stored and read", Stays::stored);
        String message = "Incompatible shapes: [2] vs. [3]";
        boolean asDescribed = SEEN.equals(List.of("2.0", "no error", message, message, message, "7.0"));
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
export TF_CPP_MIN_LOG_LEVEL=3 DJL_OFFLINE=true DJL_CACHE_DIR="$dir/cache"
java -cp "$(cat classpath)" Stays.java 2> log || { cat log; exit 1; }
