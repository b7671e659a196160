package io.facestream.sightings.visits;

import io.facestream.frames.FrameInfo;
import io.facestream.sightings.message.BestShot;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.UnnamedReason;
import io.facestream.sightings.message.Subject;
import io.facestream.sightings.rows.Fields;
import io.facestream.sightings.rows.Row;
import io.facestream.sightings.tracking.Association;
import io.facestream.sightings.tracking.SeenFace;
import io.facestream.sightings.tracking.Track;
import io.facestream.sightings.vote.Poll;
import io.facestream.sightings.vote.VoteRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One visit: its faces so far, and what has been told of it. Holds ids and vectors, and no names. */
final class Visit {
    /** A better best shot is worth a message if its score is that many times the one last told. */
    private static final double BETTER = 1.5;

    /** A camera's clock that goes faster or slower than the broker's by more than this during a visit was set. */
    private static final Duration SET = Duration.ofMinutes(1);

    private final VisitKey key;
    private final String sightingId;
    private final String source;
    private final String camera;
    private Track track;
    private Poll poll = new Poll();
    private Instant firstSeen;
    private Instant lastSeen;
    private Instant firstAppended;
    private Instant lastAppended;
    private long firstMillis;
    private long lastMillis;
    private long frames;
    private BestShot best;
    private Long namedAfter;
    private int sequence;
    private boolean left;
    private long toldMillis;
    private double toldScore;
    private final List<BestShot> goodShots = new ArrayList<>();
    private int goodFaces;
    private boolean cameBack;

    private Visit(VisitKey key, String sightingId, String source, String camera) {
        this.key = key;
        this.sightingId = sightingId;
        this.source = source;
        this.camera = camera;
    }

    /**
     * A face that continues no visit.
     *
     * @param now the camera's time on the broker's clock
     * @param motion the camera's time for motion
     */
    static Visit of(SeenFace face, FrameInfo frame, long now, long motion) {
        Visit visit = new Visit(
                new VisitKey(frame.pointer().offset(), face.index()), face.eventId(), frame.source(), frame.camera());
        visit.track = Track.of(face, motion);
        visit.firstSeen = frame.capturedAt();
        visit.lastSeen = frame.capturedAt();
        visit.firstAppended = frame.appendedAt();
        visit.lastAppended = frame.appendedAt();
        visit.firstMillis = now;
        visit.count(face, frame, now);
        return visit;
    }

    void add(SeenFace face, FrameInfo frame, long now, long motion) {
        track.add(face, motion);
        count(face, frame, now);
    }

    private void count(SeenFace face, FrameInfo frame, long now) {
        poll.add(face.verdict(), face.quality(), face.modelVersion(), now);
        frames++;
        lastMillis = now;
        Instant seen = seen(frame.capturedAt(), now);
        firstSeen = earlier(firstSeen, seen);
        lastSeen = later(lastSeen, seen);
        lastAppended = later(lastAppended, frame.appendedAt());
        BestShot shot = shot(face, frame);
        if (best == null || Best.score(shot.quality()) > Best.score(best.quality())) {
            best = shot;
        }
    }

    private static BestShot shot(SeenFace face, FrameInfo frame) {
        return new BestShot(face.eventId(), frame.capturedAt(), face.quality(), face.box(), face.pointers());
    }

    /** Takes a note of a face by which somebody can be known again. */
    void addGood(SeenFace face, FrameInfo frame) {
        goodFaces++;
        goodShots.add(shot(face, frame));
        keepBest();
    }

    private void keepBest() {
        goodShots.sort(Comparator.comparingDouble(shot -> -Best.score(shot.quality())));
        while (goodShots.size() > StrangerRules.MOST_SHOTS) {
            goodShots.remove(goodShots.size() - 1);
        }
    }

    /** The visit of a stranger who is to be kept; empty if it is a person's, or shows too little. */
    Optional<StrangerVisit> stranger(StrangerRules rules) {
        boolean isNobodys = poll.elected().isEmpty()
                && (poll.stranger().isPresent()
                        || poll.reason() == UnnamedReason.NOBODY_NEAR
                        || poll.reason() == UnnamedReason.NOT_THIS_PERSON);
        return isNobodys && goodFaces >= (cameBack ? 1 : rules.minFaces())
                ? Optional.of(
                        new StrangerVisit(source, sightingId, poll.stranger().orElse(null), goodShots))
                : Optional.empty();
    }

    /** Goes on with the faces of a track that began after this one was last seen. */
    void add(Visit later) {
        track.add(later.track);
        poll.merge(later.poll);
        frames += later.frames;
        lastMillis = Math.max(lastMillis, later.lastMillis);
        firstSeen = earlier(firstSeen, seen(later.firstSeen, later.firstMillis));
        lastSeen = later(lastSeen, seen(later.lastSeen, later.lastMillis));
        lastAppended = later(lastAppended, later.lastAppended);
        if (Best.score(later.best.quality()) > Best.score(best.quality())) {
            best = later.best;
        }
        goodFaces += later.goodFaces;
        goodShots.addAll(later.goodShots);
        keepBest();
    }

    /**
     * A capture time on the camera's clock as it was when the visit began: one that is set in mid-visit would make a
     * visit of a minute last for hours. A time that lags is a frame that was delivered late, and is right.
     *
     * @param now the camera's time on the broker's clock
     */
    private Instant seen(Instant captured, long now) {
        Duration byBroker = Duration.ofMillis(Math.max(0, now - firstMillis));
        Duration byCamera = Duration.between(firstSeen, captured);
        boolean isSet = byCamera.compareTo(SET.negated()) < 0 || byCamera.compareTo(byBroker.plus(SET)) > 0;
        return isSet ? firstSeen.plus(byBroker) : captured;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    VisitKey key() {
        return key;
    }

    /** Whether nothing has been told of it yet. */
    boolean isTentative() {
        return sequence == 0;
    }

    boolean hasLeft() {
        return left;
    }

    long frames() {
        return frames;
    }

    Track track() {
        return track;
    }

    Association.Candidate candidate() {
        return new Association.Candidate(track, poll);
    }

    UUID leader() {
        return poll.leader().orElse(null);
    }

    /** Everybody whom its messages may name. */
    Set<UUID> mentioned() {
        return poll.mentioned();
    }

    /** The camera's time at its latest face. */
    long lastMillis() {
        return lastMillis;
    }

    boolean isSilent(long now, Duration time) {
        return now - lastMillis > time.toMillis();
    }

    boolean wasLastSeenBefore(Visit later) {
        return lastMillis < later.firstMillis;
    }

    /** Elects its subject anew; true if that changed. */
    boolean elect(VoteRules rules) {
        boolean wasStranger = poll.stranger().isPresent();
        boolean changed = poll.elect(rules);
        boolean isStranger = poll.stranger().isPresent();
        if (poll.elected().isEmpty() && !isStranger || wasStranger != isStranger) {
            namedAfter = null;
        }
        if (poll.elected().isEmpty() && !isStranger) {
            return changed;
        } else if (namedAfter == null) {
            namedAfter = Math.max(0, Duration.between(firstSeen, lastSeen).toMillis());
        }
        return changed;
    }

    boolean isWorthAnUpdate(long now, Duration interval) {
        return Best.score(best.quality()) >= BETTER * toldScore || now - toldMillis >= interval.toMillis();
    }

    /** The next message of this visit. */
    Sighting tell(Sighting.Change change, long now, Names names) {
        sequence++;
        left = change == Sighting.Change.LEFT;
        cameBack |= change == Sighting.Change.RETURNED;
        toldMillis = now;
        toldScore = Best.score(best.quality());
        List<Sighting.Vote> votes = poll.votes().stream()
                .map(vote ->
                        new Sighting.Vote(vote.identityId(), names.of(vote.identityId()), vote.weight(), vote.faces()))
                .toList();
        return new Sighting(
                Sighting.SCHEMA_VERSION,
                sightingId,
                sequence,
                change,
                source,
                camera,
                firstSeen,
                lastSeen,
                firstAppended,
                lastAppended,
                frames,
                subject(names),
                namedAfter,
                best,
                votes,
                poll.elected().isPresent() || poll.stranger().isPresent() ? null : poll.reason(),
                left ? Sighting.End.ABSENCE : null);
    }

    private Subject subject(Names names) {
        Subject.Former former = poll.former()
                .map(identity -> new Subject.Former(
                        poll.formerIsStranger() ? Subject.Kind.STRANGER : Subject.Kind.PERSON,
                        identity,
                        names.of(identity)))
                .orElse(null);
        return poll.elected()
                .map(identity ->
                        new Subject(Subject.Kind.PERSON, identity, names.of(identity), poll.probability(), former))
                .or(() -> poll.stranger()
                        .map(identity ->
                                new Subject(Subject.Kind.STRANGER, identity, null, poll.probability(), former)))
                .orElseGet(() -> new Subject(Subject.Kind.UNKNOWN, null, null, null, former));
    }

    byte[] write() {
        return Row.of(out -> {
            out.writeUTF(sightingId);
            out.writeUTF(source);
            out.writeUTF(camera);
            track.write(out);
            poll.write(out);
            Fields.write(out, firstSeen);
            Fields.write(out, lastSeen);
            Fields.write(out, firstAppended);
            Fields.write(out, lastAppended);
            out.writeLong(firstMillis);
            out.writeLong(lastMillis);
            out.writeLong(frames);
            Best.write(out, best);
            out.writeLong(namedAfter == null ? -1 : namedAfter);
            out.writeInt(sequence);
            out.writeBoolean(left);
            out.writeLong(toldMillis);
            out.writeDouble(toldScore);
            out.writeByte(goodShots.size());
            for (BestShot shot : goodShots) {
                Best.write(out, shot);
            }
            out.writeInt(goodFaces);
            out.writeBoolean(cameBack);
        });
    }

    /** @throws java.io.UncheckedIOException if the bytes are not a visit of this build's format */
    static Visit read(VisitKey key, byte[] bytes) {
        return Row.read(bytes, in -> {
            Visit visit = new Visit(key, in.readUTF(), in.readUTF(), in.readUTF());
            visit.track = Track.read(in);
            visit.poll = Poll.read(in);
            visit.firstSeen = Fields.readTime(in);
            visit.lastSeen = Fields.readTime(in);
            visit.firstAppended = Fields.readTime(in);
            visit.lastAppended = Fields.readTime(in);
            visit.firstMillis = in.readLong();
            visit.lastMillis = in.readLong();
            visit.frames = in.readLong();
            visit.best = Best.read(in);
            long named = in.readLong();
            visit.namedAfter = named < 0 ? null : named;
            visit.sequence = in.readInt();
            visit.left = in.readBoolean();
            visit.toldMillis = in.readLong();
            visit.toldScore = in.readDouble();
            for (int n = in.readByte(); n > 0; n--) {
                visit.goodShots.add(Best.read(in));
            }
            visit.goodFaces = in.readInt();
            visit.cameBack = in.readBoolean();
            return visit;
        });
    }
}
