package io.facestream.identities;

import io.facestream.embeddings.Embedding;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.Neighbour;
import io.facestream.models.ModelVersion;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks probes up in the gallery and decides: the one path by which streams and pictures come to names. */
public final class Matcher {
    private final GallerySearch gallery;
    private final MatchingConfig config;

    public Matcher(GallerySearch gallery, MatchingConfig config) {
        if (config.candidates() < 2) {
            throw new IllegalArgumentException(
                    "facestream.matching.candidates is at least 2, not " + config.candidates());
        }
        this.gallery = gallery;
        this.config = config;
    }

    /** A probe's decision, the rule in force, and who was near. */
    public record Match(
            Identification identification, DecisionRule rule, List<Candidate> candidates, long galleryRevision) {}

    /** @param probes embedded by {@code version}, whose templates they are compared with */
    public List<Match> match(ModelVersion version, List<Embedding> probes) throws SQLException {
        DecisionRule rule = new DecisionRule(
                config.threshold().orElse(version.threshold()),
                config.separation().orElse(version.separation()));
        GallerySearch.Result found = gallery.nearest(version, probes, config.candidates());
        List<Match> matches = new ArrayList<>(probes.size());
        for (List<Neighbour> neighbours : found.neighbours()) {
            List<Candidate> candidates = neighbours.stream().map(Candidate::of).toList();
            matches.add(new Match(rule.decide(neighbours), rule, candidates, found.revision()));
        }
        return matches;
    }
}
