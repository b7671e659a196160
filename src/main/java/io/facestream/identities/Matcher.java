package io.facestream.identities;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Quality;
import io.facestream.gallery.Gallery;
import io.facestream.gallery.Neighbour;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.models.ModelVersion;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Searches probes in the gallery and decides. Streams and pictures all get their names here. */
public final class Matcher {
    /** The most that a search returns. */
    private static final int MOST_CANDIDATES = 1_000;

    private final Gallery gallery;
    private final MatchingConfig config;
    private final Optional<StrangerSearch> strangers;
    private volatile long people;

    /** A matcher that knows people only. */
    public Matcher(Gallery gallery, MatchingConfig config) {
        this(gallery, config, Optional.empty());
    }

    /** @param strangers who are searched for faces that are nobody's; empty if none are kept */
    public Matcher(Gallery gallery, MatchingConfig config, Optional<StrangerSearch> strangers) {
        if (config.candidates() < 2 || config.candidates() > MOST_CANDIDATES) {
            throw new IllegalArgumentException(
                    "facestream.matching.candidates must be 2 to " + MOST_CANDIDATES + ", not " + config.candidates());
        }
        Decider.check(config);
        this.gallery = gallery;
        this.config = config;
        this.strangers = strangers;
    }

    /** @param quality of the face, with its norm */
    public record Probe(Embedding embedding, Quality quality) {}

    /**
     * The result for a probe.
     *
     * @param probability that it is the first candidate; null if unknown
     * @param rule as it applies to the first candidate
     * @param strangerId the kept stranger who it is; null if it is none
     */
    public record Match(
            Identification identification,
            Float probability,
            DecisionRule rule,
            double strangerShare,
            List<Candidate> candidates,
            long galleryRevision,
            UUID strangerId) {}

    /** @param probes embedded by {@code version}, under which they are searched */
    public List<Match> match(ModelVersion version, List<Probe> probes) throws SQLException {
        Gallery.Result found =
                gallery.nearest(version, probes.stream().map(Probe::embedding).toList(), config.candidates());
        people = found.state().templates();
        Decider decider = new Decider(version, found.state(), config);
        List<Identification> decisions = new ArrayList<>(probes.size());
        for (int i = 0; i < probes.size(); i++) {
            decisions.add(
                    decider.decide(probes.get(i).quality(), found.neighbours().get(i)));
        }
        List<UUID> strangerIds = strangers(version, found.state().distanceShift(), probes, decisions);
        List<Match> matches = new ArrayList<>(probes.size());
        for (int i = 0; i < probes.size(); i++) {
            List<Neighbour> neighbours = found.neighbours().get(i);
            matches.add(new Match(
                    decisions.get(i),
                    decider.probability(probes.get(i).quality(), neighbours),
                    decider.rule(neighbours),
                    config.strangerShare(),
                    neighbours.stream().map(Candidate::of).toList(),
                    found.state().revision(),
                    strangerIds.get(i)));
        }
        return matches;
    }

    /** Who is nobody by the distances may be a stranger; a view that is too poor to be judged is nobody's. */
    private List<UUID> strangers(
            ModelVersion version, float distanceShift, List<Probe> probes, List<Identification> decisions)
            throws SQLException {
        List<UUID> ids = new ArrayList<>(Collections.nCopies(probes.size(), null));
        if (strangers.isEmpty()) {
            return ids;
        }
        List<Integer> nobodys = new ArrayList<>();
        for (int i = 0; i < probes.size(); i++) {
            if (decisions.get(i) instanceof Identification.Unknown unknown
                    && (unknown.reason() == null || !unknown.reason().isTooPoor())) {
                nobodys.add(i);
            }
        }
        List<UUID> found = strangers
                .get()
                .find(
                        version,
                        distanceShift,
                        nobodys.stream().map(i -> probes.get(i).embedding()).toList());
        for (int i = 0; i < nobodys.size(); i++) {
            ids.set(nobodys.get(i), found.get(i));
        }
        return ids;
    }

    /** The number of people who could be named at the last match. */
    long people() {
        return people;
    }
}
