#!/usr/bin/env bash
# What:      JavaCV 1.5.13, Java2DFrameConverter and OpenCVFrameConverter.ToMat with OpenCV 4.13.0, for one colour in
#            Java's types of pictures: red 200, green 100, blue 50.
# Guess:     OpenCV gets blue, green, red, and perhaps alpha, as all its functions expect it: the converter knows both
#            sides.
# Behaviour: so only TYPE_3BYTE_BGR, which ImageIO gives for a JPEG. A picture of TYPE_INT_RGB or TYPE_INT_ARGB, as a
#            Graphics2D draws or scales it, arrives as alpha, red, green, blue, and TYPE_4BYTE_ABGR, which ImageIO gives
#            for a PNG with transparency, as alpha, blue, green, red. OpenCV takes the 255 of alpha for blue, and the
#            last colour for alpha. JavaCV's own way back to a BufferedImage exchanges red and blue of the first two.
# Matters:   a network gets a blue face, without an error, and its grey picture is another one, but only for frames that
#            came as PNG or were scaled before. Draw the picture into one of TYPE_3BYTE_BGR first.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.bytedeco</groupId><artifactId>javacv</artifactId><version>1.5.13</version></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.13</version>
      <classifier>linux-x86_64</classifier></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>openblas</artifactId><version>0.3.31-1.5.13</version>
      <classifier>linux-x86_64</classifier></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>opencv</artifactId><version>4.13.0-1.5.13</version>
      <classifier>linux-x86_64</classifier></dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath > mvn.log || { cat mvn.log >&2; exit 1; }

cat > Types.java <<'JAVA'
import static org.bytedeco.opencv.global.opencv_imgproc.*;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.*;
import org.bytedeco.javacv.*;
import org.bytedeco.opencv.opencv_core.Mat;

public class Types {
    static boolean changed;

    static void look(String title, int type, List<Integer> expected, int grey, String back) {
        var picture = new BufferedImage(8, 8, type);
        var graphics = picture.createGraphics();
        graphics.setColor(new Color(200, 100, 50));
        graphics.fillRect(0, 0, 8, 8);
        graphics.dispose();
        Frame frame = new Java2DFrameConverter().convert(picture);
        Mat mat = new OpenCVFrameConverter.ToMat().convert(frame);
        List<Integer> pixel = new ArrayList<>();
        for (int channel = 0; channel < mat.channels(); channel++) {
            pixel.add(mat.ptr().get(channel) & 255);
        }
        Mat single = new Mat();
        cvtColor(mat, single, mat.channels() == 3 ? COLOR_BGR2GRAY : COLOR_BGRA2GRAY);
        int ofGrey = single.ptr().get() & 255;
        var again = new Color(new Java2DFrameConverter().convert(frame).getRGB(0, 0));
        String round = again.getRed() + ", " + again.getGreen() + ", " + again.getBlue();
        System.out.println(title + ": OpenCV has " + pixel + ", its grey is " + ofGrey
                + "; back in Java red, green, blue are " + round);
        changed |= !pixel.equals(expected) || Math.abs(ofGrey - grey) > 1 || !round.equals(back);
    }

    public static void main(String[] arguments) {
        System.out.println("JavaCV 1.5.13, drawn: red, green, blue are 200, 100, 50");
        look("TYPE_3BYTE_BGR ", BufferedImage.TYPE_3BYTE_BGR, List.of(50, 100, 200), 124, "200, 100, 50");
        look("TYPE_INT_RGB   ", BufferedImage.TYPE_INT_RGB, List.of(255, 200, 100, 50), 176, "50, 100, 200");
        look("TYPE_INT_ARGB  ", BufferedImage.TYPE_INT_ARGB, List.of(255, 200, 100, 50), 176, "50, 100, 200");
        look("TYPE_4BYTE_ABGR", BufferedImage.TYPE_4BYTE_ABGR, List.of(255, 50, 100, 200), 88, "200, 100, 50");
        System.out.println(changed ? "CHANGED" : "As described.");
        System.exit(changed ? 1 : 0);
    }
}
JAVA
java -Djava.awt.headless=true -Dorg.bytedeco.javacpp.cachedir="$dir/native" -cp "$(cat classpath)" Types.java
