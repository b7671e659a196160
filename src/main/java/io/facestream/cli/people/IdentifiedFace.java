package io.facestream.cli.people;

import io.facestream.faces.Box;
import io.facestream.faces.Quality;
import io.facestream.identities.Candidate;
import io.facestream.identities.Identification;
import java.util.List;

/** A face in a picture and the person it shows. The name is null unless the decision is KNOWN. */
record IdentifiedFace(
        Box box,
        float confidence,
        Quality quality,
        Identification.Decision decision,
        String name,
        Float probability,
        float threshold,
        List<Candidate> candidates) {}
