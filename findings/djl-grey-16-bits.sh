#!/usr/bin/env bash
# What:      ai.djl:api 0.36.0, a grey PNG of 8 bits and the same one of 16 bits, read by ImageFactory's default and
#            turned into an NDArray (pytorch-engine 0.36.0, PyTorch 2.7.1).
# Guess:     the 16 bits are cut to 8, as in Pillow or OpenCV: what is 128 of 255 in the one is 128 in the other.
# Behaviour: the 8 bits come as they are. The 16 bits go through the colour conversion of Java, which takes grey for
#            linear light: 128 is 188, and 32 is 99. Only black and white stay.
# Matters:   infrared and scientific cameras give PNGs of 16 bits. Their faces come out pale, found or embedded
#            otherwise than the same picture in 8 bits, and nothing says so. Read them with another decoder, or shift
#            the samples of the raster yourself.
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

cat > Grey.java <<'JAVA'
import ai.djl.engine.Engine;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDManager;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

class Grey {
    static final int[] LEVELS = {0, 32, 128, 255};

    /** What DJL gives for the levels in a PNG whose samples are the levels times {@code factor}. */
    static int[] read(NDManager manager, int type, int factor) throws IOException {
        BufferedImage picture = new BufferedImage(LEVELS.length, 1, type);
        for (int i = 0; i < LEVELS.length; i++) {
            picture.getRaster().setSample(i, 0, 0, LEVELS[i] * factor);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", file);
        BufferedImage stored = ImageIO.read(new ByteArrayInputStream(file.toByteArray()));
        int[] levels = ImageFactory.getInstance()
                .fromInputStream(new ByteArrayInputStream(file.toByteArray()))
                .toNDArray(manager)
                .get("0,:,0")
                .toUint8Array();
        System.out.printf(
                "PNG of %d bits with the samples %s: %s%n",
                stored.getColorModel().getPixelSize(),
                Arrays.toString(stored.getRaster().getSamples(0, 0, LEVELS.length, 1, 0, (int[]) null)),
                Arrays.toString(levels));
        return levels;
    }

    public static void main(String[] args) throws IOException {
        NDManager manager = NDManager.newBaseManager("PyTorch");
        System.out.println("DJL " + Engine.getDjlVersion() + ", Java " + System.getProperty("java.version"));
        boolean asDescribed = Arrays.equals(read(manager, BufferedImage.TYPE_BYTE_GRAY, 1), LEVELS)
                && Arrays.equals(read(manager, BufferedImage.TYPE_USHORT_GRAY, 257), new int[] {0, 99, 188, 255});
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
export DJL_OFFLINE=true PYTORCH_FLAVOR=cpu DJL_CACHE_DIR="$dir/cache"
java -Djava.awt.headless=true -cp "$(cat classpath)" Grey.java 2> log || { cat log; exit 1; }
