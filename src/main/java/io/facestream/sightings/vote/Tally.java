package io.facestream.sightings.vote;

import io.facestream.identities.Identification.Decision;
import io.facestream.sightings.rows.Fields;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.UUID;

/** The votes for one identity, a person or a stranger. */
final class Tally {
    final UUID identity;
    /** Of all votes, faded. */
    double weight;
    /** KNOWN faces, or those of the stranger. */
    long faces;

    private long firstKnown;
    private long lastKnown;
    private double bestProbability;

    Tally(UUID identity) {
        this.identity = identity;
    }

    void add(Verdict verdict, double ofFace, long millis) {
        weight += ofFace * verdict.probability();
        if (verdict.decision() == Decision.KNOWN) {
            firstKnown = faces == 0 ? millis : firstKnown;
            lastKnown = millis;
            faces++;
            bestProbability = Math.max(bestProbability, verdict.probability());
        }
    }

    /** Adds a face of a stranger's. */
    void add(double ofFace, long millis) {
        weight += ofFace;
        firstKnown = faces == 0 ? millis : firstKnown;
        lastKnown = millis;
        faces++;
    }

    /** Whether the KNOWN faces are enough for a name. */
    boolean isEvidence(VoteRules rules) {
        return faces > 0 && bestProbability >= rules.confirmProbability()
                || faces >= rules.confirm()
                        && lastKnown - firstKnown >= rules.nameSpan().toMillis();
    }

    void merge(Tally other) {
        weight += other.weight;
        if (other.faces > 0) {
            firstKnown = faces == 0 ? other.firstKnown : Math.min(firstKnown, other.firstKnown);
            lastKnown = Math.max(lastKnown, other.lastKnown);
            faces += other.faces;
            bestProbability = Math.max(bestProbability, other.bestProbability);
        }
    }

    void write(DataOutput out) throws IOException {
        Fields.write(out, identity);
        out.writeDouble(weight);
        out.writeLong(faces);
        out.writeLong(firstKnown);
        out.writeLong(lastKnown);
        out.writeDouble(bestProbability);
    }

    static Tally read(DataInput in) throws IOException {
        Tally tally = new Tally(Fields.readIdentity(in));
        tally.weight = in.readDouble();
        tally.faces = in.readLong();
        tally.firstKnown = in.readLong();
        tally.lastKnown = in.readLong();
        tally.bestProbability = in.readDouble();
        return tally;
    }
}
