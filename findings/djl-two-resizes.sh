#!/usr/bin/env bash
# What:      ai.djl:api and pytorch-engine 0.36.0 with PyTorch 2.7.1, NDImageUtils.resize with BILINEAR, as a Resize in
#            a translator calls it, beside Image.resize of the same picture: 8 columns with the values 0, 30 … 210.
# Guess:     BILINEAR takes the mean of the neighbours of each new pixel's centre, as OpenCV's INTER_LINEAR and as
#            PyTorch's own interpolate do unless told otherwise: 45 and 165 at a quarter of the width. Image.resize
#            differs by 1 or 2 at most.
# Behaviour: it smooths first, with a triangle as wide as the shrinking asks for, as PyTorch does with antialias=True:
#            56 and 153. There is no way to turn that off. When a picture is enlarged it is plain linear. Image.resize,
#            in the same library, gives 45 and 165, but enlarges by copying pixels: 0, 0, 30, 30.
# Matters:   a face network that was trained on crops made by OpenCV gets softer ones, and the more so the nearer the
#            face is: its embeddings are not those of the gallery that another program made. Shrink before, by OpenCV,
#            or by a model that has its own resize, and enlarge small faces by NDImageUtils.
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

cat > Shrunk.java <<'JAVA'
import ai.djl.engine.Engine;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.awt.image.BufferedImage;
import java.util.Arrays;

class Shrunk {
    static final int SIDE = 8;

    /** The red of the first row. */
    static int[] row(NDArray picture) {
        return picture.get("0,:,0").toUint8Array();
    }

    /** The same row by linear interpolation at the centres of the new pixels, without smoothing. */
    static int[] linear(int width) {
        int[] row = new int[width];
        for (int i = 0; i < width; i++) {
            double at = Math.max(0, (i + 0.5) * SIDE / width - 0.5);
            row[i] = (int) (30 * Math.min(at, SIDE - 1));
        }
        return row;
    }

    static int apart(int[] a, int[] b) {
        int most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    public static void main(String[] args) {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < SIDE * SIDE; i++) {
            picture.setRGB(i % SIDE, i / SIDE, i % SIDE * 30 << 16);
        }
        Image image = ImageFactory.getInstance().fromImage(picture);
        NDManager manager = NDManager.newBaseManager("PyTorch");
        System.out.println("DJL " + Engine.getDjlVersion() + ", PyTorch " + manager.getEngine().getVersion());
        boolean asDescribed = true;
        for (int width : new int[] {2, 16}) {
            int[] array = row(NDImageUtils.resize(
                    image.toNDArray(manager), width, width, Image.Interpolation.BILINEAR));
            int[] resized = row(image.resize(width, width, false).toNDArray(manager));
            int[] linear = linear(width);
            System.out.printf(
                    "to %d columns: linear %s, NDImageUtils.resize %s, Image.resize %s%n",
                    width, Arrays.toString(linear), Arrays.toString(array), Arrays.toString(resized));
            asDescribed &= width == 2
                    ? apart(array, linear) > 8 && apart(resized, linear) <= 2
                    : apart(array, linear) <= 1 && resized[2] == 30 && resized[3] == 30;
        }
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
export DJL_OFFLINE=true PYTORCH_FLAVOR=cpu DJL_CACHE_DIR="$dir/cache"
java -Djava.awt.headless=true -cp "$(cat classpath)" Shrunk.java 2> log || { cat log; exit 1; }
