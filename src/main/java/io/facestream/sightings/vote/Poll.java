package io.facestream.sightings.vote;

import io.facestream.faces.Quality;
import io.facestream.identities.Identification.Decision;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.UnnamedReason;
import io.facestream.sightings.rows.Fields;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The votes of a visit's faces, and whom they elect. Old votes fade, so that somebody who is enrolled during a visit is
 * named, and a track that went over to somebody else is found out. An elected person stays until another one is elected
 * or the election turns out to be an error.
 *
 * <p>Who is no person may be a stranger who is kept: these are elected in the same way, where no person is.
 *
 * <p>A face's weight is the square of its embedding's length, the best measure of quality at hand, reduced for small
 * and for turned faces. It adds its weight times its probability to the nearest identity. An identity's share is what
 * it got of the weight of all faces: their mean probability. A face that was ruled out by hand votes for nobody.
 */
public final class Poll {
    /** A vote of that age counts half. Long enough for a head that turns away, short enough to notice a change. */
    private static final double HALF_LIFE_MILLIS = 5_000;

    /** Least share of somebody who is elected. */
    private static final double MAJORITY = 0.5;

    /** How many times the share of the one who is named another one needs. */
    private static final double CHANGE_OF_MIND = 2;

    /** Below this share, of the recent faces and of all, the election was an error: a face that once looked alike. */
    private static final double ERROR = 0.1;

    /** From this probability on a KNOWN face contradicts faces that hardly voted for its person. */
    private static final double SURE = 0.98;

    /** So many judged faces can be contradicted; fewer may all have been poor ones. */
    private static final int ENOUGH = 5;

    /** The shorter side of a face, in pixels, from which its size does not matter; networks see 112. */
    private static final double LARGE = 64;

    private static final double LEAST_POSE = 0.1;

    private final List<Tally> tallies = new ArrayList<>();
    private final List<Tally> strangers = new ArrayList<>();
    private final int[] reasons = new int[UnnamedReason.values().length];
    private double total;
    private long judged;
    private long at;
    private String version = "";
    private double norm;
    private UUID elected;
    private UUID stranger;
    private UUID former;
    private boolean formerIsStranger;

    /** The weight of a face of that quality, above 0. Comparable for faces of one model version only. */
    public static double weight(Quality quality) {
        double length = quality.norm() == null ? 1 : Math.max(quality.norm(), 1e-3);
        double pose = Math.max(
                LEAST_POSE, cosine(quality.pose().yaw()) * cosine(quality.pose().pitch()));
        return length * length * pose * Math.min(1, Math.max(quality.size(), 1) / LARGE);
    }

    private static double cosine(float degrees) {
        return Math.cos(Math.toRadians(Math.min(90, Math.abs(degrees))));
    }

    /**
     * Counts a face.
     *
     * @param millis time on the broker's clock, not before that of the face before
     */
    public void add(Verdict verdict, Quality quality, String modelVersion, long millis) {
        fade(millis);
        count(verdict);
        if (!verdict.isJudged()) {
            return;
        }
        adapt(quality, modelVersion);
        double weight = weight(quality);
        total += weight;
        judged++;
        if (verdict.nearest() != null && !verdict.isRuledOut()) {
            tally(tallies, verdict.nearest()).add(verdict, weight, millis);
        }
        if (verdict.stranger() != null) {
            tally(strangers, verdict.stranger()).add(weight, millis);
        }
    }

    private void fade(long millis) {
        double factor = Math.pow(0.5, Math.max(0, millis - at) / HALF_LIFE_MILLIS);
        scale(factor);
        at = Math.max(at, millis);
    }

    private void scale(double factor) {
        total *= factor;
        tallies.forEach(tally -> tally.weight *= factor);
        strangers.forEach(tally -> tally.weight *= factor);
    }

    /** Another version's vectors have other lengths. What was counted before keeps its say. */
    private void adapt(Quality quality, String modelVersion) {
        double length = quality.norm() == null ? 1 : Math.max(quality.norm(), 1e-3);
        if (!version.equals(modelVersion) && norm > 0) {
            scale(length * length / (norm * norm));
        }
        version = modelVersion;
        norm = length;
    }

    private void count(Verdict verdict) {
        UnnamedReason why;
        if (verdict.reason() == null) {
            why = switch (verdict.decision()) {
                case KNOWN -> UnnamedReason.TOO_FEW_FACES;
                case AMBIGUOUS -> UnnamedReason.TWO_AS_NEAR;
                case UNKNOWN -> UnnamedReason.NOBODY_NEAR;
            };
        } else {
            why = switch (verdict.reason()) {
                case TOO_SMALL -> UnnamedReason.TOO_SMALL;
                case TOO_BLURRED -> UnnamedReason.TOO_BLURRED;
                case LOW_NORM -> UnnamedReason.LOW_NORM;
                case NOT_THIS_PERSON -> UnnamedReason.NOT_THIS_PERSON;
            };
        }
        reasons[why.ordinal()]++;
    }

    private Tally tally(List<Tally> among, UUID identity) {
        for (Tally tally : among) {
            if (tally.identity.equals(identity)) {
                return tally;
            }
        }
        if (among.size() == Sighting.MOST_VOTES) {
            among.stream()
                    .filter(tally -> !tally.identity.equals(elected) && !tally.identity.equals(stranger))
                    .min(Comparator.comparingDouble(tally -> tally.weight))
                    .ifPresent(among::remove);
        }
        Tally added = new Tally(identity);
        among.add(added);
        return added;
    }

    /**
     * Holds the election anew.
     *
     * @return true if it elects somebody else than before, or nobody any more
     */
    public boolean elect(VoteRules rules) {
        UUID person = elected;
        UUID before = subject();
        elected = elect(tallies, elected, rules);
        stranger = elect(strangers, stranger, rules);
        if (Objects.equals(before, subject())) {
            return (person == null) != (elected == null); // a stranger who was given a name
        }
        if (before != null) {
            former = before;
            formerIsStranger = person == null;
        }
        return true;
    }

    private UUID elect(List<Tally> among, UUID current, VoteRules rules) {
        Optional<Tally> winner = among.stream()
                .filter(tally -> share(tally) >= MAJORITY && tally.isEvidence(rules))
                .max(Comparator.comparingDouble(tally -> tally.weight));
        if (current == null) {
            return winner.map(tally -> tally.identity).orElse(null);
        }
        Tally present = tally(among, current);
        if (winner.isPresent() && !winner.get().identity.equals(current)) {
            return winner.get().weight >= CHANGE_OF_MIND * present.weight ? winner.get().identity : current;
        }
        return share(present) < ERROR && present.faces < ERROR * judged ? null : current;
    }

    private UUID subject() {
        return elected == null ? stranger : elected;
    }

    /** Whether a face is surely a person's whose faces these are not. */
    public boolean contradicts(Verdict face) {
        return face.decision() == Decision.KNOWN
                && face.probability() >= SURE
                && judged >= ENOUGH
                && tallies.stream().noneMatch(tally -> tally.identity.equals(face.nearest()) && share(tally) >= ERROR);
    }

    /** Adds the votes for the same person from a track that turned out to be the same visit's. */
    public void merge(Poll other) {
        fade(other.at);
        if (!version.equals(other.version) && norm > 0 && other.norm > 0) {
            scale(other.norm * other.norm / (norm * norm));
        }
        version = other.version;
        norm = other.norm;
        total += other.total;
        judged += other.judged;
        for (int i = 0; i < reasons.length; i++) {
            reasons[i] += other.reasons[i];
        }
        other.tallies.forEach(tally -> tally(tallies, tally.identity).merge(tally));
        other.strangers.forEach(tally -> tally(strangers, tally.identity).merge(tally));
    }

    /** The person who is elected; empty if nobody is. */
    public Optional<UUID> elected() {
        return Optional.ofNullable(elected);
    }

    /** The stranger who is elected; empty if none is, or a person is. */
    public Optional<UUID> stranger() {
        return elected == null ? Optional.ofNullable(stranger) : Optional.empty();
    }

    /** Who was elected before; empty if nobody else was. */
    public Optional<UUID> former() {
        return Optional.ofNullable(former);
    }

    /** Whether who was elected before is a stranger. */
    public boolean formerIsStranger() {
        return formerIsStranger;
    }

    /** Who leads, elected or not, with at least one KNOWN face or face of a stranger; empty if nobody. */
    public Optional<UUID> leader() {
        return elected != null ? Optional.of(elected) : leader(tallies).or(() -> leader(strangers));
    }

    private static Optional<UUID> leader(List<Tally> among) {
        return among.stream()
                .filter(tally -> tally.faces > 0)
                .max(Comparator.comparingDouble(tally -> tally.weight))
                .map(tally -> tally.identity);
    }

    /** The share of who is elected. */
    public double probability() {
        if (elected != null) {
            return share(tally(tallies, elected));
        }
        return stranger == null ? 0 : share(tally(strangers, stranger));
    }

    /** What most faces say about why nobody is named. */
    public UnnamedReason reason() {
        UnnamedReason most = UnnamedReason.NOBODY_NEAR;
        for (UnnamedReason reason : UnnamedReason.values()) {
            if (reasons[reason.ordinal()] > reasons[most.ordinal()]) {
                most = reason;
            }
        }
        return most;
    }

    /** Everybody who got a vote, the greatest share first; without names. */
    public List<Sighting.Vote> votes() {
        return Stream.concat(tallies.stream(), strangers.stream())
                .sorted(Comparator.comparingDouble((Tally tally) -> -tally.weight)
                        .thenComparing(tally -> tally.identity))
                .limit(Sighting.MOST_VOTES)
                .map(tally -> new Sighting.Vote(tally.identity, null, share(tally), tally.faces))
                .toList();
    }

    /** Everybody whom a message of this visit may name. */
    public Set<UUID> mentioned() {
        Set<UUID> mentioned = new HashSet<>();
        tallies.forEach(tally -> mentioned.add(tally.identity));
        if (former != null) {
            mentioned.add(former);
        }
        return mentioned;
    }

    private double share(Tally tally) {
        return total > 0 ? Math.min(1, tally.weight / total) : 0;
    }

    public void write(DataOutput out) throws IOException {
        write(out, tallies);
        write(out, strangers);
        out.writeByte(reasons.length);
        for (int reason : reasons) {
            out.writeInt(reason);
        }
        out.writeDouble(total);
        out.writeLong(judged);
        out.writeLong(at);
        out.writeUTF(version);
        out.writeDouble(norm);
        Fields.write(out, elected);
        Fields.write(out, stranger);
        Fields.write(out, former);
        out.writeBoolean(formerIsStranger);
    }

    private static void write(DataOutput out, List<Tally> among) throws IOException {
        out.writeByte(among.size());
        for (Tally tally : among) {
            tally.write(out);
        }
    }

    public static Poll read(DataInput in) throws IOException {
        Poll poll = new Poll();
        for (int n = in.readByte(); n > 0; n--) {
            poll.tallies.add(Tally.read(in));
        }
        for (int n = in.readByte(); n > 0; n--) {
            poll.strangers.add(Tally.read(in));
        }
        int reasons = in.readByte();
        for (int i = 0; i < reasons; i++) {
            poll.reasons[i] = in.readInt();
        }
        poll.total = in.readDouble();
        poll.judged = in.readLong();
        poll.at = in.readLong();
        poll.version = in.readUTF();
        poll.norm = in.readDouble();
        poll.elected = Fields.readIdentity(in);
        poll.stranger = Fields.readIdentity(in);
        poll.former = Fields.readIdentity(in);
        poll.formerIsStranger = in.readBoolean();
        return poll;
    }
}
