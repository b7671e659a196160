package io.facestream.identities;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Quality;
import io.facestream.gallery.Gallery;
import io.facestream.gallery.Neighbour;
import io.facestream.models.ModelVersion;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Searches probes in the gallery and decides. Streams and pictures all get their names here. */
public final class Matcher {
    /** The most that a search returns. */
    private static final int MOST_CANDIDATES = 1_000;

    private final Gallery gallery;
    private final MatchingConfig config;
    private volatile long people;

    public Matcher(Gallery gallery, MatchingConfig config) {
        if (config.candidates() < 2 || config.candidates() > MOST_CANDIDATES) {
            throw new IllegalArgumentException(
                    "facestream.matching.candidates must be 2 to " + MOST_CANDIDATES + ", not " + config.candidates());
        }
        Decider.check(config);
        this.gallery = gallery;
        this.config = config;
    }

    /** @param quality of the face, with its norm */
    public record Probe(Embedding embedding, Quality quality) {}

    /**
     * The result for a probe.
     *
     * @param probability that it is the first candidate; null if unknown
     * @param rule as it applies to the first candidate
     */
    public record Match(
            Identification identification,
            Float probability,
            DecisionRule rule,
            double strangerShare,
            List<Candidate> candidates,
            long galleryRevision) {}

    /** @param probes embedded by {@code version}, under which they are searched */
    public List<Match> match(ModelVersion version, List<Probe> probes) throws SQLException {
        Gallery.Result found =
                gallery.nearest(version, probes.stream().map(Probe::embedding).toList(), config.candidates());
        people = found.state().templates();
        Decider decider = new Decider(version, found.state(), config);
        List<Match> matches = new ArrayList<>(probes.size());
        for (int i = 0; i < probes.size(); i++) {
            List<Neighbour> neighbours = found.neighbours().get(i);
            Quality quality = probes.get(i).quality();
            matches.add(new Match(
                    decider.decide(quality, neighbours),
                    decider.probability(quality, neighbours),
                    decider.rule(neighbours),
                    config.strangerShare(),
                    neighbours.stream().map(Candidate::of).toList(),
                    found.state().revision()));
        }
        return matches;
    }

    /** The number of people who could be named at the last match. */
    long people() {
        return people;
    }
}
