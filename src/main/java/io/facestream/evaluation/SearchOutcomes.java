package io.facestream.evaluation;

import io.facestream.calibration.OpenSetSearch;
import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.identities.Decider;
import io.facestream.identities.Identification;
import io.facestream.identities.Identification.Decision;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The outcomes of one drawing's searches, prepared for repeated counting with other weights of people and strangers.
 */
final class SearchOutcomes {
    private final List<Outcome> mated;
    private final List<Outcome> nonMated;
    private final Counts matedOf;
    private final Counts missedOf;
    private final Counts ambiguousOf;
    private final Counts rankedFirstOf;
    private final Counts nonMatedOf;
    private final Counts namedOf;
    private final Counts ambiguousStrangersOf;
    private final Scores right;
    private final Scores wrong;

    /**
     * The outcome of a search.
     *
     * @param score threshold distance from which on it names somebody; infinite if it never does
     */
    record Outcome(Search search, float score, Decision decision) {
        static Outcome of(Search search, Decider decider) {
            boolean separated =
                    !(search.runnerUp() - search.nearest() < decider.rule().separation());
            Identification identification = search.decision(decider);
            boolean refused = identification instanceof Identification.Unknown unknown && unknown.reason() != null;
            boolean names = search.detected() && separated && !refused;
            return new Outcome(search, names ? search.nearest() : Float.POSITIVE_INFINITY, identification.decision());
        }

        boolean known() {
            return decision == Decision.KNOWN;
        }

        boolean ambiguous() {
            return decision == Decision.AMBIGUOUS;
        }

        boolean right() {
            return search.right();
        }

        SearchedFor of(boolean enrolled, boolean wrong) {
            return new SearchedFor(search.photo().photo(), search.group(), enrolled, wrong);
        }
    }

    /** Counts of searches by group: the groups that have any, and how many. */
    private record Counts(int[] groups, int[] counts) {
        static Counts of(List<Outcome> searches, Predicate<Outcome> counted) {
            int[] all = new int
                    [1
                            + searches.stream()
                                    .mapToInt(outcome -> outcome.search().group())
                                    .max()
                                    .orElse(-1)];
            searches.stream()
                    .filter(counted)
                    .forEach(outcome -> all[outcome.search().group()]++);
            int[] groups = IntStream.range(0, all.length)
                    .filter(group -> all[group] > 0)
                    .toArray();
            return new Counts(
                    groups, Arrays.stream(groups).map(group -> all[group]).toArray());
        }

        double sum(int[] weights) {
            double sum = 0;
            for (int i = 0; i < groups.length; i++) {
                sum += (double) weights[groups[i]] * counts[i];
            }
            return sum;
        }
    }

    /** Searches that name somebody at a suitable threshold, nearest first. */
    private record Scores(float[] scores, int[] groups) {
        static Scores of(List<Outcome> searches) {
            List<Outcome> sorted = searches.stream()
                    .filter(outcome -> outcome.score() < Float.POSITIVE_INFINITY)
                    .sorted(Comparator.comparing(Outcome::score))
                    .toList();
            float[] scores = new float[sorted.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = sorted.get(i).score();
            }
            return new Scores(
                    scores,
                    sorted.stream()
                            .mapToInt(outcome -> outcome.search().group())
                            .toArray());
        }

        /** The smallest score at which the weighted number of searches exceeds {@code count}. */
        float scoreAfter(double count, int[] weights) {
            double sum = 0;
            for (int i = 0; i < scores.length; i++) {
                sum += weights[groups[i]];
                if (sum > count) {
                    return scores[i];
                }
            }
            return Float.POSITIVE_INFINITY;
        }

        double below(float limit, int[] weights) {
            double sum = 0;
            for (int i = 0; i < scores.length && scores[i] < limit; i++) {
                sum += weights[groups[i]];
            }
            return sum;
        }
    }

    /**
     * @param mated searches for enrolled people
     * @param nonMated searches for strangers
     */
    private SearchOutcomes(List<Outcome> mated, List<Outcome> nonMated) {
        this.mated = mated;
        this.nonMated = nonMated;
        this.matedOf = Counts.of(mated, outcome -> true);
        this.missedOf = Counts.of(mated, outcome -> !(outcome.right() && outcome.known()));
        this.ambiguousOf = Counts.of(mated, Outcome::ambiguous);
        this.rankedFirstOf = Counts.of(mated, Outcome::right);
        this.nonMatedOf = Counts.of(nonMated, outcome -> true);
        this.namedOf = Counts.of(nonMated, Outcome::known);
        this.ambiguousStrangersOf = Counts.of(nonMated, Outcome::ambiguous);
        this.right = Scores.of(mated.stream().filter(Outcome::right).toList());
        this.wrong = Scores.of(nonMated);
    }

    static SearchOutcomes of(OpenSetSearch search, int gallerySize, Decider decider) {
        return new SearchOutcomes(
                search.mated(gallerySize).stream()
                        .map(found -> Outcome.of(found, decider))
                        .toList(),
                search.nonMated(gallerySize).stream()
                        .filter(Search::detected)
                        .map(found -> Outcome.of(found, decider))
                        .toList());
    }

    /** All of them, with whether each is an error at the threshold in force. */
    Stream<SearchedFor> searches() {
        return Stream.concat(
                mated.stream().map(outcome -> outcome.of(true, !(outcome.right() && outcome.known()))),
                nonMated.stream().map(outcome -> outcome.of(false, outcome.known())));
    }

    List<Outcome> mated() {
        return mated;
    }

    List<Outcome> nonMated() {
        return nonMated;
    }

    double fnir(int[] weights) {
        return missedOf.sum(weights) / matedOf.sum(weights);
    }

    double fpir(int[] weights) {
        return namedOf.sum(weights) / nonMatedOf.sum(weights);
    }

    double ambiguous(int[] weights) {
        return ambiguousOf.sum(weights) / matedOf.sum(weights);
    }

    double ambiguousStrangers(int[] weights) {
        return ambiguousStrangersOf.sum(weights) / nonMatedOf.sum(weights);
    }

    double rank1(int[] weights) {
        return rankedFirstOf.sum(weights) / matedOf.sum(weights);
    }

    /** FNIR at the largest threshold whose FPIR is no more than the rate. */
    double fnirAt(double rate, int[] weights) {
        float limit = wrong.scoreAfter(rate * nonMatedOf.sum(weights), weights);
        double all = matedOf.sum(weights);
        return (all - right.below(limit, weights)) / all;
    }

    /**
     * The searches that remain when those of the lowest quality are refused.
     *
     * @param rejected share share of the mated searches that are refused, 0 to under 1; of the others, those below the
     *     same bound are refused
     * @param quality of a search in which a face was found
     */
    SearchOutcomes without(double rejected, ToDoubleFunction<Outcome> quality) {
        double[] ofMated = qualities(mated, quality);
        double[] ofNonMated = qualities(nonMated, quality);
        double bound = Arrays.stream(ofMated).sorted().toArray()[(int) (rejected * ofMated.length)];
        return new SearchOutcomes(kept(mated, ofMated, bound), kept(nonMated, ofNonMated, bound));
    }

    /** An undetected face has the lowest quality of all. */
    private static double[] qualities(List<Outcome> searches, ToDoubleFunction<Outcome> quality) {
        return searches.stream()
                .mapToDouble(search -> search.search().detected() ? quality.applyAsDouble(search) : -1)
                .toArray();
    }

    private static List<Outcome> kept(List<Outcome> searches, double[] qualities, double bound) {
        return IntStream.range(0, qualities.length)
                .filter(i -> qualities[i] >= bound)
                .mapToObj(searches::get)
                .toList();
    }
}
