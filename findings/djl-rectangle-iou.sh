#!/usr/bin/env bash
# What:      ai.djl:api 0.36.0, ai.djl.modality.cv.output.Rectangle, getIoU(box) beside nms(boxes, scores, threshold).
# Guess:     boxes are shares of the picture, from 0 to 1, as DJL's detectors give them, and getIoU is the intersection
#            over union: 1/3 for two equal boxes of which one is moved by half its width, in any unit. nms decides by
#            the same figure.
# Behaviour: getIoU adds 1 to each side, as if boxes were in whole pixels. For shares of a picture that outweighs the
#            boxes: half a width apart is 0.91 instead of 0.33, and boxes that barely touch are 0.84 instead of 0.005.
#            In pixels it is nearly right. nms, in the same class, adds nothing and keeps both boxes.
# Matters:   who matches found boxes with labels, or tracks faces, by getIoU at 0.5 takes neighbours for one, and counts
#            a recall that is far too good. Multiply boxes by the picture's size before getIoU.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>ai.djl</groupId><artifactId>api</artifactId><version>0.36.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath

cat > Boxes.java <<'JAVA'
import ai.djl.modality.cv.output.Rectangle;
import java.util.List;

class Boxes {
    /** Two faces of 64 by 80 pixels in a picture of 640 by 480, {@code apart} pixels from left side to left side. */
    static List<Rectangle> faces(double apart, double width, double height) {
        return List.of(
                new Rectangle(100 / width, 100 / height, 64 / width, 80 / height),
                new Rectangle((100 + apart) / width, 100 / height, 64 / width, 80 / height));
    }

    public static void main(String[] args) {
        boolean asDescribed = true;
        for (double apart : new double[] {0, 32, 63.36, 65}) {
            double exact = Math.max(0, 64 - apart) / (64 + Math.min(64, apart));
            List<Rectangle> shares = faces(apart, 640, 480);
            List<Rectangle> pixels = faces(apart, 1, 1);
            double ofShares = shares.get(0).getIoU(shares.get(1));
            double ofPixels = pixels.get(0).getIoU(pixels.get(1));
            int left = Rectangle.nms(shares, List.of(0.9, 0.8), 0.5f).size();
            int leftInPixels = Rectangle.nms(pixels, List.of(0.9, 0.8), 0.5f).size();
            System.out.printf(
                    "%5.2f px apart: true %.3f; in shares of the picture %.3f, faces after nms(0.5) %d;"
                            + " in pixels %.3f, faces %d%n",
                    apart, exact, ofShares, left, ofPixels, leftInPixels);
            boolean overlap = apart > 0 && apart < 64;
            asDescribed &= Math.abs(ofPixels - exact) < 0.03
                    && (overlap ? ofShares > 0.8 : Math.abs(ofShares - exact) < 1e-9)
                    && left == (apart > 0 ? 2 : 1)
                    && leftInPixels == left;
        }
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
echo "ai.djl:api 0.36.0, $(java -version 2>&1 | head -1)"
java -cp "$(cat classpath)" Boxes.java
