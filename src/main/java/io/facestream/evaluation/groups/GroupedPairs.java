package io.facestream.evaluation.groups;

import io.facestream.calibration.AllPairs;
import io.facestream.calibration.Figures;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Verification by group. The distances at which all pairs of different people match at a rate of 1e-3 and 1e-4 are the
 * thresholds for all groups. FMR is the share of the pairs of two people of a group that match. FNMR is the share of
 * the pairs of one person's photos of a group that do not, as the mean over the people.
 */
public final class GroupedPairs {
    private static final double[] RATES = {1e-3, 1e-4};

    private final PhotoSet photos;
    private final float[][] probes;
    private final List<Map<String, String>> groups;
    private final AllPairs all;

    private GroupedPairs(List<EmbeddedPhoto> photos, Function<Photo, Map<String, String>> labels) {
        this.photos = new PhotoSet(photos);
        this.probes = this.photos.probes();
        this.groups = photos.stream().map(photo -> labels.apply(photo.photo())).toList();
        this.all = new AllPairs(this.photos);
    }

    /**
     * The rates by group.
     *
     * @param photos decodable ones
     * @param labels a photo's groups, by their kind
     */
    public static Differential.Report report(
            List<EmbeddedPhoto> photos, Function<Photo, Map<String, String>> labels, long seed) {
        return new GroupedPairs(photos, labels).report(seed);
    }

    private record Match(int first, int second, float distance) {}

    private Differential.Report report(long seed) {
        Differential differential = new Differential(photos.people());
        for (int i = 0; i < probes.length; i++) {
            differential.add(
                    "undetected",
                    photos.photos().get(i).photo(),
                    groups.get(i),
                    photos.person(i),
                    probes[i] == null ? 1 : 0);
        }
        double[] rates = IntStream.range(0, RATES.length)
                .mapToDouble(i -> RATES[i])
                .filter(all::supports)
                .toArray();
        if (rates.length > 0) {
            float farthest = distanceAt(rates[0]);
            List<Match> matches = IntStream.range(0, probes.length)
                    .parallel()
                    .mapToObj(i -> matches(i, farthest))
                    .flatMap(List::stream)
                    .toList();
            for (double rate : rates) {
                addFalseMatches(differential, "fmr.at" + Figures.power(rate), matches, distanceAt(rate));
                addFalseNonMatches(differential, "fnmr.at" + Figures.power(rate), distanceAt(rate));
            }
        }
        return differential.report(1, seed);
    }

    /** The largest distance, of whole bins, up to which no more than a share of the pairs of two people lie. */
    private float distanceAt(double rate) {
        long[] histogram = all.impostorHistogram();
        double allowed = rate * all.impostors();
        long below = 0;
        int bin = 0;
        while (bin < histogram.length && below + histogram[bin] <= allowed) {
            below += histogram[bin++];
        }
        return bin * AllPairs.BIN;
    }

    private List<Match> matches(int first, float farthest) {
        List<Match> matches = new ArrayList<>();
        for (int second = first + 1; probes[first] != null && second < probes.length; second++) {
            if (probes[second] != null && photos.person(first) != photos.person(second)) {
                float distance = PhotoSet.distance(probes[first], probes[second]);
                if (distance < farthest) {
                    matches.add(new Match(first, second, distance));
                }
            }
        }
        return matches;
    }

    private void addFalseMatches(Differential differential, String name, List<Match> matches, float threshold) {
        for (int i = 0; i < probes.length; i++) {
            if (probes[i] != null) {
                int person = photos.person(i);
                groups.get(i)
                        .forEach((kind, group) -> differential.of(kind, name).compare(person, group));
            }
        }
        for (Match match : matches) {
            if (match.distance < threshold) {
                groups.get(match.first).forEach((kind, group) -> {
                    if (group.equals(groups.get(match.second).get(kind))) {
                        differential
                                .of(kind, name)
                                .match(photos.person(match.first), photos.person(match.second), group);
                    }
                });
            }
        }
    }

    private void addFalseNonMatches(Differential differential, String name, float threshold) {
        List<List<Integer>> photosOf = Stream.generate(() -> (List<Integer>) new ArrayList<Integer>())
                .limit(photos.people())
                .toList();
        IntStream.range(0, probes.length)
                .forEach(i -> photosOf.get(photos.person(i)).add(i));
        for (int person = 0; person < photosOf.size(); person++) {
            int whose = person;
            Map<String, Map<String, List<Integer>>> byKind = new TreeMap<>();
            photosOf.get(person).forEach(photo -> groups.get(photo)
                    .forEach((kind, group) -> byKind.computeIfAbsent(kind, k -> new TreeMap<>())
                            .computeIfAbsent(group, g -> new ArrayList<>())
                            .add(photo)));
            byKind.forEach((kind, byGroup) -> byGroup.forEach((group, theirs) -> {
                if (theirs.size() > 1) {
                    differential.of(kind, name).add(whose, group, missed(theirs, threshold));
                }
            }));
        }
    }

    /** The share of the pairs of these photos that do not match. */
    private double missed(List<Integer> theirs, float threshold) {
        int missed = 0;
        for (int i = 0; i < theirs.size(); i++) {
            for (int j = 0; j < i; j++) {
                float[] first = probes[theirs.get(i)];
                float[] second = probes[theirs.get(j)];
                boolean match = first != null && second != null && PhotoSet.distance(first, second) < threshold;
                missed += match ? 0 : 1;
            }
        }
        return missed / (theirs.size() * (theirs.size() - 1) / 2.0);
    }
}
