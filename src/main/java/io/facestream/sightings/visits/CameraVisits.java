package io.facestream.sightings.visits;

import io.facestream.frames.FrameInfo;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.facestream.sightings.tracking.Association;
import io.facestream.sightings.tracking.SeenFace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;

/**
 * The open visits of one camera. Not thread-safe. What it does depends on its frames and their times alone, except for
 * {@link #leaveEarly}, which changes no final row.
 */
public final class CameraVisits {
    /** Detection finds at most a few hundred faces in a frame; false faces die after {@code absence}. */
    static final int MOST_VISITS = 1_000;

    /** Up to this cosine distance of two means, somebody who re-appears is who was there before. */
    private static final double SAME = 0.34;

    /** The same if most faces of both are the same person's. */
    private static final double SAME_IF_NAMED = 0.55;

    /** Up to so much more they may be, which more faces will tell. */
    private static final double DOUBTFUL = 0.25;

    /** The mean of so many faces tells. A doubtful visit appears a second later, at 5 frames/s. */
    private static final int TELLING_FACES = 6;

    private final VisitRules rules;
    private final CameraClock clock;
    private final Map<VisitKey, Visit> visits = new LinkedHashMap<>();
    private final Set<VisitKey> touched = new HashSet<>();
    private final Set<VisitKey> gone = new HashSet<>();
    private List<VisitKey> latest = List.of();
    private final List<StrangerVisit> strangers = new ArrayList<>();
    private long refused;

    /** A camera of which nothing is known. */
    public CameraVisits(VisitRules rules) {
        this(rules, new CameraClock());
    }

    private CameraVisits(VisitRules rules, CameraClock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * A camera as it was stored.
     *
     * @param rows in the order of their keys
     * @throws java.io.UncheckedIOException if a row is not of this build's format
     */
    public static CameraVisits restore(VisitRules rules, byte[] clock, Map<VisitKey, byte[]> rows) {
        CameraVisits restored = new CameraVisits(rules, CameraClock.read(clock));
        rows.forEach((key, row) -> restored.visits.put(key, Visit.read(key, row)));
        return restored;
    }

    /**
     * Takes a frame in.
     *
     * @return what there is to tell, in order; empty if the frame was taken in before, or lies further back than the
     *     absence
     */
    public List<Sighting> see(SeenFrame frame, Names names) {
        FrameInfo info = frame.info();
        if (!clock.advance(info, rules.absence())) {
            refused++;
            return List.of();
        }
        long now = clock.now();
        List<Sighting> told = new ArrayList<>(expire(now, names));
        Set<Visit> seen = assign(frame, now);
        for (Visit visit : seen) {
            touched.add(visit.key());
            if (!visit.isTentative()) {
                boolean changed = visit.elect(rules.votes());
                if (visit.hasLeft()) {
                    told.add(visit.tell(Change.RETURNED, now, names));
                } else if (changed || visit.isWorthAnUpdate(now, rules.updateInterval())) {
                    told.add(visit.tell(Change.UPDATED, now, names));
                }
            } else if (visit.frames() >= rules.votes().confirm()) {
                confirm(visit, seen, now, names).ifPresent(told::add);
            }
        }
        return told;
    }

    /** The visits seen in this frame. */
    private Set<Visit> assign(SeenFrame frame, long now) {
        List<SeenFace> faces = frame.faces();
        if (faces.size() > MOST_VISITS) {
            refused += faces.size() - MOST_VISITS;
            faces = faces.subList(0, MOST_VISITS);
        }
        // By the frames' times: if the wall clock said that they left, they are here all the same.
        List<Visit> here = visits.values().stream()
                .filter(visit -> !visit.isSilent(now, rules.absence()))
                .toList();
        int[] visitOf =
                Association.of(faces, here.stream().map(Visit::candidate).toList(), clock.motion());
        Set<Visit> seen = new LinkedHashSet<>();
        List<VisitKey> keys = new ArrayList<>();
        for (int i = 0; i < faces.size(); i++) {
            Visit visit;
            if (visitOf[i] == Association.NONE) {
                if (visits.size() >= MOST_VISITS && !forgetLongestGone(now)) {
                    refused++;
                    keys.add(null);
                    continue;
                }
                visit = Visit.of(faces.get(i), frame.info(), now, clock.motion());
                visits.put(visit.key(), visit);
            } else {
                visit = here.get(visitOf[i]);
                visit.add(faces.get(i), frame.info(), now, clock.motion());
            }
            note(visit, faces.get(i), frame.info());
            seen.add(visit);
            keys.add(visit.key());
        }
        latest = keys;
        return seen;
    }

    private void note(Visit visit, SeenFace face, FrameInfo frame) {
        rules.strangers()
                .filter(strangers -> strangers.isGood(face, frame))
                .ifPresent(good -> visit.addGood(face, frame));
    }

    /** Whose visit is over may be somebody to know again. */
    private Sighting left(Visit visit, long now, Names names) {
        Sighting told = visit.tell(Change.LEFT, now, names);
        touched.add(visit.key());
        rules.strangers().flatMap(visit::stranger).ifPresent(strangers::add);
        return told;
    }

    /** Who has left makes room for who is here, before the time to rejoin is over; false if nobody has left. */
    private boolean forgetLongestGone(long now) {
        Optional<Visit> longest = visits.values().stream()
                .filter(visit -> visit.hasLeft() && visit.isSilent(now, rules.absence()))
                .min(Comparator.comparingLong(Visit::lastMillis));
        longest.ifPresent(this::remove);
        return longest.isPresent();
    }

    /** A track that has enough faces is a new visit, or one that goes on after its face was out of sight. */
    private Optional<Sighting> confirm(Visit track, Set<Visit> seen, long now, Names names) {
        Visit before = before(track, seen, 0);
        if (before == null && track.frames() < TELLING_FACES && before(track, seen, DOUBTFUL) != null) {
            return Optional.empty();
        }
        if (before == null) {
            track.elect(rules.votes());
            return Optional.of(track.tell(Change.APPEARED, now, names));
        }
        before.add(track);
        remove(track);
        touched.add(before.key());
        boolean changed = before.elect(rules.votes());
        if (before.hasLeft()) {
            return Optional.of(before.tell(Change.RETURNED, now, names));
        }
        return changed ? Optional.of(before.tell(Change.UPDATED, now, names)) : Optional.empty();
    }

    /**
     * The visit of which a track is the continuation; null if none is like it.
     *
     * @param doubt by how much they may be less alike than one asks for
     */
    private Visit before(Visit track, Set<Visit> seen, double doubt) {
        Visit nearest = null;
        double least = Double.POSITIVE_INFINITY;
        for (Visit visit : visits.values()) {
            if (visit.isTentative() || seen.contains(visit) || !visit.wasLastSeenBefore(track)) {
                continue;
            }
            UUID leader = visit.leader();
            boolean named = leader != null && leader.equals(track.leader());
            OptionalDouble distance = visit.track().distance(track.track());
            double apart = distance.orElse(named ? 0 : 2);
            if (apart <= (named ? SAME_IF_NAMED : SAME) + doubt && apart < least) {
                nearest = visit;
                least = apart;
            }
        }
        return nearest;
    }

    private List<Sighting> expire(long now, Names names) {
        List<Sighting> told = new ArrayList<>();
        for (Iterator<Visit> open = visits.values().iterator(); open.hasNext(); ) {
            Visit visit = open.next();
            if (!visit.isSilent(now, rules.absence())) {
                continue;
            }
            if (!visit.isTentative() && !visit.hasLeft()) {
                told.add(left(visit, now, names));
            }
            if (visit.isTentative() || visit.isSilent(now, rules.rejoin())) {
                open.remove();
                touched.remove(visit.key());
                gone.add(visit.key());
            }
        }
        return told;
    }

    /**
     * Tells that those have left whom a silent camera shows no more. Nothing is forgotten: if frames of that time come
     * after all, their faces return.
     *
     * @param silence time since the camera's latest frame was taken in, on the clock of this process
     */
    public List<Sighting> leaveEarly(Duration silence, Names names) {
        if (!clock.isBegun()) {
            return List.of();
        }
        long now = clock.now() + silence.toMillis();
        List<Sighting> told = new ArrayList<>();
        for (Visit visit : visits.values()) {
            if (!visit.isTentative() && !visit.hasLeft() && visit.isSilent(now, rules.absence())) {
                told.add(left(visit, now, names));
            }
        }
        return told;
    }

    private void remove(Visit visit) {
        visits.remove(visit.key());
        touched.remove(visit.key());
        gone.add(visit.key());
    }

    /** The rows that changed since the last call, in no order; null for a visit that is over and forgotten. */
    public Map<VisitKey, byte[]> changes() {
        Map<VisitKey, byte[]> changes = new HashMap<>();
        gone.forEach(key -> changes.put(key, null));
        touched.forEach(key -> changes.put(key, visits.get(key).write()));
        gone.clear();
        touched.clear();
        return changes;
    }

    /** The visits that were told to be over since the last call, of strangers who are to be kept. */
    public List<StrangerVisit> takeStrangers() {
        List<StrangerVisit> taken = List.copyOf(strangers);
        strangers.clear();
        return taken;
    }

    /** The row of the camera itself. */
    public byte[] clock() {
        return clock.write();
    }

    /** The tracks of the latest frame's faces, in their order; null for a face beyond the bound. */
    List<VisitKey> latest() {
        return latest;
    }

    /** When the broker appended the latest frame, in milliseconds since the epoch; 0 if there was none. */
    public long appendedAt() {
        return clock.appendedAt();
    }

    /** Everybody whom messages of these visits may name. */
    public Set<UUID> mentioned() {
        Set<UUID> mentioned = new HashSet<>();
        visits.values().forEach(visit -> mentioned.addAll(visit.mentioned()));
        return mentioned;
    }

    /** Number of visits that somebody was told of and that are not over. */
    public long present() {
        return visits.values().stream()
                .filter(visit -> !visit.isTentative() && !visit.hasLeft())
                .count();
    }

    public boolean isEmpty() {
        return visits.isEmpty();
    }

    /** Frames that were repeated or too late, and faces beyond the bound, since the last call. */
    public long takeRefused() {
        long taken = refused;
        refused = 0;
        return taken;
    }
}
