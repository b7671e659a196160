#!/usr/bin/env bash
# What: JavaCV's FFmpegFrameGrabber converts every video's colours as if it were BT.601 with the limited range, whatever
#   its tags say.
# The guess: a grabber that asks for BGR gets the colours that were filmed, as any player shows them: pure red is about
#   255.
# The behaviour: red of a video tagged BT.709 comes out as about 230; grey 16 of a full-range video comes out as 0. In
#   both videos FFmpeg itself sees the tags: the frames carry them.
# Why it matters: phones and cameras write BT.709, and Motion JPEG and many IP cameras write the full range. Shadows are
#   lost and skin changes its tone before a face is ever detected. Nothing is logged.
set -euo pipefail

javacv=1.5.13
ffmpeg=8.0.1-1.5.13
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.bytedeco</groupId><artifactId>javacv</artifactId><version>$javacv</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>$javacv</version></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>$javacv</version>
      <classifier>linux-x86_64</classifier></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>$ffmpeg</version></dependency>
    <dependency><groupId>org.bytedeco</groupId><artifactId>ffmpeg</artifactId><version>$ffmpeg</version>
      <classifier>linux-x86_64</classifier></dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:copy-dependencies -DoutputDirectory=lib

cat > Finding.java <<'JAVA'
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;

public class Finding {
    public static void main(String[] arguments) throws Exception {
        int red = grab("red", "bt709", "tv")[2];
        int grey = grab("0x101010", "smpte170m", "pc")[2];
        int right = grab("red", "smpte170m", "tv")[2];
        System.out.println("red of a video tagged BT.709, limited range: " + red + " (filmed: 255)");
        System.out.println("grey of a video tagged BT.601, full range: " + grey + " (filmed: 16)");
        System.out.println("for comparison, red of BT.601, limited range: " + right + " (filmed: 255)");
        boolean asDescribed = Math.abs(red - 230) <= 4 && grey <= 2 && right >= 250;
        System.out.println(asDescribed ? "as described" : "NOT as described");
        System.exit(asDescribed ? 0 : 1);
    }

    private static int[] grab(String colour, String matrix, String range) throws Exception {
        int made = new ProcessBuilder(
                        Loader.load(org.bytedeco.ffmpeg.ffmpeg.class), "-v", "error", "-y", "-f", "lavfi", "-i",
                        "color=" + colour + ":s=640x480:r=5:d=1", "-vf",
                        "scale=out_color_matrix=" + matrix + ":out_range=" + range + ",format=yuv420p", "-colorspace",
                        matrix, "-color_range", range, "-c:v", "ffv1", "clip.mkv")
                .inheritIO()
                .start()
                .waitFor();
        if (made != 0) {
            throw new IllegalStateException("FFmpeg made no video");
        }
        try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber("clip.mkv")) {
            grabber.start();
            Frame frame = grabber.grabImage();
            ByteBuffer pixels = (ByteBuffer) frame.image[0];
            int middle = frame.imageHeight / 2 * frame.imageStride + frame.imageWidth / 2 * 3;
            return new int[] {
                pixels.get(middle) & 0xff, pixels.get(middle + 1) & 0xff, pixels.get(middle + 2) & 0xff
            };
        }
    }
}
JAVA
echo "JavaCV $javacv, FFmpeg $ffmpeg; the guess: 255, 16, 255"
java -cp 'lib/*' Finding.java
