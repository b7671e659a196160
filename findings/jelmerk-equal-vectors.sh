#!/usr/bin/env bash
# What:      com.github.jelmerk:hnswlib-core 1.2.1 (an HNSW index in Java), M 16, ef and efConstruction 200: 300 faces
#            of 128 numbers, and one face that is there a number of times, as where a camera sends its picture again.
# Guess:     copies cost places among the neighbours of those who are like them, and nothing else. With 10 or with 300
#            copies each of the 300 faces finds itself: it is the only one at distance 0, and ef is 200.
# Behaviour: with 10 copies all are found. With 50 copies some of the 300 are mostly not found any more, with 300 copies
#            from a few up to all of them, others in each build. The copies are each other's nearest, and fill all
#            places for links among themselves: a search that gets there does not get out.
# Matters:   one person's photo that was added again and again makes others unknown, who look nothing like it. The size
#            of the index is right, and nobody is told. Add a vector once.
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
      <groupId>com.github.jelmerk</groupId><artifactId>hnswlib-core</artifactId><version>1.2.1</version>
    </dependency>
  </dependencies>
</project>
POM
mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath < /dev/null

cat > Copies.java <<'JAVA'
import com.github.jelmerk.hnswlib.core.DistanceFunctions;
import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import java.util.Arrays;
import java.util.Random;

public class Copies {
    static final int NUMBERS = 128;
    static final int FACES = 300;

    record Face(Integer id, float[] vector) implements Item<Integer, float[]> {
        @Override
        public int dimensions() {
            return vector.length;
        }

        @Override
        public long version() {
            return 0;
        }
    }

    static float[] vector(Random random) {
        float[] vector = new float[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    /** How many of the faces do not find themselves. */
    static int lost(int copies, Random random) throws Exception {
        HnswIndex<Integer, float[], Face, Float> index = HnswIndex
            .newBuilder(NUMBERS, DistanceFunctions.FLOAT_COSINE_DISTANCE, FACES + copies)
            .withM(16).withEf(200).withEfConstruction(200).build();
        float[] same = vector(random);
        for (int i = 0; i < copies; i++) {
            index.add(new Face(FACES + i, same.clone()));
        }
        Face[] faces = new Face[FACES];
        for (int i = 0; i < FACES; i++) {
            faces[i] = new Face(i, vector(random));
            index.add(faces[i]);
        }
        if (index.size() != FACES + copies) {
            throw new IllegalStateException("size " + index.size());
        }
        int lost = 0;
        for (Face face : faces) {
            if (!index.findNearest(face.vector(), 1).get(0).item().id().equals(face.id())) {
                lost++;
            }
        }
        return lost;
    }

    public static void main(String[] arguments) throws Exception {
        Random random = new Random(1);
        boolean asDescribed = true;
        for (int copies : new int[] {0, 10, 50, 300}) {
            int[] lost = new int[8];
            for (int build = 0; build < lost.length; build++) {
                lost[build] = lost(copies, random);
            }
            System.out.println(copies + " copies: of " + FACES + " other faces are not found, by build: "
                + Arrays.toString(lost));
            int sum = Arrays.stream(lost).sum();
            asDescribed &= copies <= 10 ? sum <= 2 : sum >= (copies == 50 ? 8 : 200);
        }
        System.out.println(asDescribed ? "As described." : "CHANGED");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
echo "com.github.jelmerk:hnswlib-core 1.2.1, $(java -version 2>&1 | head -1)"
java -cp "$(cat classpath)" Copies.java
