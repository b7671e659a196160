package io.facestream.evaluation.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.evaluation.SyntheticFaces;
import io.facestream.evaluation.groups.Differential.Group;
import io.facestream.evaluation.groups.Differential.Kind;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupedPairsTest {
    private static final int DIMENSIONS = 16;
    private static final int PEOPLE = 60;

    private final List<EmbeddedPhoto> photos = new ArrayList<>();

    /** Those of group b are more alike, and differ more from photo to photo. */
    @BeforeEach
    void twoGroups() {
        Random random = new Random(1);
        for (int person = 0; person < PEOPLE; person++) {
            boolean alike = person % 2 == 1;
            float[] mean = new float[DIMENSIONS];
            mean[0] = alike ? 2 : 0;
            float[] face = SyntheticFaces.around(mean, 1, random);
            for (int i = 0; i < 4; i++) {
                photos.add(
                        SyntheticFaces.face("P" + person, i, SyntheticFaces.around(face, alike ? 0.55 : 0.4, random)));
            }
        }
        photos.add(SyntheticFaces.undetected("P1", 9));
    }

    @Test
    void ratesAreThoseOfPairsWithinAGroupAtOneThresholdForAll() {
        float threshold = threshold();

        Map<String, Group> groups = byGroup().groups();

        for (String group : List.of("a", "b")) {
            assertThat(groups.get(group).rates().get("fmr.at1e-3")).isCloseTo(matching(group, threshold), within(1e-9));
        }
    }

    @Test
    void whoAreMoreAlikeAreConfusedMoreOften() {
        assertThat(byGroup().groups().get("b").toOthers().get("fmr.at1e-3")).isGreaterThan(2);
    }

    @Test
    void whoDifferMoreFromPhotoToPhotoAreMissedMoreOften() {
        assertThat(byGroup().groups().get("b").toOthers().get("fnmr.at1e-3")).isGreaterThan(2);
    }

    @Test
    void aFaceThatWasNotFoundCountsInItsGroup() {
        assertThat(byGroup().groups().get("b").rates().get("undetected")).isCloseTo(1.0 / 121, within(1e-12));
    }

    @Test
    void aRateThatThePairsDoNotSupportIsLeftOut() {
        assertThat(byGroup().largestRatio()).doesNotContainKeys("fmr.at1e-4", "fnmr.at1e-4");
    }

    private Kind byGroup() {
        return GroupedPairs.report(photos, photo -> Map.of("group", group(photo)), 1)
                .by()
                .get("group");
    }

    private static String group(Photo photo) {
        return Integer.parseInt(photo.name().substring(1)) % 2 == 1 ? "b" : "a";
    }

    /** The 29th nearest of 28,320 pairs of two people is just too far for 1e-3, up to a bin of 0.001. */
    private float threshold() {
        List<Float> distances = distances("a", "b");
        return (float) (Math.floor(distances.get((int) (1e-3 * distances.size())) * 1_000) / 1_000);
    }

    private double matching(String group, float threshold) {
        List<Float> distances = distances(group, group);
        return (double) distances.stream().filter(d -> d < threshold).count() / distances.size();
    }

    /** Of pairs of two people who are of one of these groups, sorted. */
    private List<Float> distances(String one, String other) {
        List<EmbeddedPhoto> found = photos.stream()
                .filter(EmbeddedPhoto::detected)
                .filter(photo -> List.of(one, other).contains(group(photo.photo())))
                .toList();
        List<Float> distances = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!found.get(i).photo().name().equals(found.get(j).photo().name())) {
                    distances.add(PhotoSet.distance(
                            found.get(i).probe().vector(), found.get(j).probe().vector()));
                }
            }
        }
        return distances.stream().sorted().toList();
    }
}
