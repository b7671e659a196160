package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryCommand.Create;
import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Ignore;
import io.facestream.curation.message.GalleryCommand.KeepStranger;
import io.facestream.curation.message.GalleryCommand.Merge;
import io.facestream.curation.message.GalleryCommand.Name;
import io.facestream.curation.message.GalleryCommand.NotThisPerson;
import io.facestream.curation.message.GalleryCommand.Rename;
import io.facestream.curation.message.GalleryCommand.Split;
import io.facestream.curation.message.GalleryCommand.Tag;
import io.facestream.curation.message.GalleryCommand.Undo;
import io.facestream.curation.message.SightingRef;
import io.facestream.curation.message.StrangerShot;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.messaging.RecordPointer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Commands of every kind, in some order, each with the answer that it must have; and what the gallery must hold after
 * them. They come in stories about a few people each, several of which are told at once. In each story some commands
 * come too early, too late, or about nobody.
 *
 * <p>Each story may have people of its own who are there before: {@code left N} with two photos and a visit,
 * {@code right N} with three photos and a visit, and a stranger with a chip and a visit.
 */
final class CommandMix {
    static final String SOURCE = "/cameras/lobby";

    /** Before the first command, for so many stories; the chip is that of each left one's visit. */
    static final String PEOPLE =
            """
            select facestream.make_sighting_days(array[current_date]);
            create temporary table someone as
                select md5(who || ' ' || n)::uuid as id, who, n, photos
                from (values ('left', 2), ('right', 3), ('stranger', 1)) w(who, photos), generate_series(0, %1$d - 1) n;
            insert into facestream.identity (id, kind, name)
                select id, 'person', who || ' ' || n from someone where who <> 'stranger';
            insert into facestream.identity (id, kind) select id, 'stranger' from someone where who = 'stranger';
            insert into facestream.stranger (identity_id, expires_at)
                select id, now() + interval '30 days' from someone where who = 'stranger';
            create temporary table pictures as
                select md5(who || ' ' || n || ' ' || p)::uuid as id, s.id as whose, who,
                    l2_normalize((select array_agg(random() - 0.5) from generate_series(1, 192) x
                        where s.n is not null and p is not null)::vector) as embedding
                from someone s, generate_series(1, s.photos) p;
            insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic,
                    source_partition, source_offset)
                select id, whose, sha256(id::text::bytea), 'chip', true, '{}', 'labelled-faces', 0, 1 from pictures
                where who <> 'stranger';
            insert into facestream.face_embedding (model_version, sample_id, embedding, norm)
                select 'mobilefacenet-1', id, embedding, 70 from pictures where who <> 'stranger';
            select facestream.compute_templates(array(select id from someone where who <> 'stranger'));
            insert into facestream.stranger_chip (id, identity_id, sha256, chip, quality, source_topic,
                    source_partition, source_offset)
                select id, whose, sha256(id::text::bytea), 'chip', '{}', 'detected-faces', 0, 1 from pictures
                where who = 'stranger';
            insert into facestream.stranger_embedding (model_version, chip_id, embedding, norm)
                select 'mobilefacenet-1', id, embedding, 70 from pictures where who = 'stranger';
            select facestream.compute_stranger_templates(array(select id from someone where who = 'stranger'));
            insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,
                    first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                select '/cameras/lobby', who || ' ' || n, current_date, 1, 'left', 'lobby',
                    case who when 'stranger' then who else 'person' end, id, now(), now(), now(), now(), 3,
                    jsonb_build_object('eventId', who || ' ' || n, 'quality', '{"size": 120, "sharpness": 300,
                        "brightness": 120, "pose": {"yaw": 0, "pitch": 0, "roll": 0}}'::jsonb, 'pointers',
                        '{"chip": {"topic": "detected-faces", "partition": 0, "offset": 0}}'::jsonb) from someone;
            insert into facestream.sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at, chip)
                select '/cameras/lobby', who || ' ' || n, current_date, who || ' ' || n, id, now(),
                    decode('%2$s', 'hex') from someone where who = 'left';
            drop table someone, pictures""";

    /** So many stories are told at once. */
    private static final int AT_ONCE = 4;

    private static final String TAG = "guest";

    /** Of undoing what was not sent yet, and what waits by now because others were before it. */
    private static final String[] TOO_EARLY = {"no-such-command", "not-undoable"};

    private final Random random;
    private final int stories;
    private final Chips chips;
    private final Deque<Integer> kinds = new ArrayDeque<>();
    private final List<Deque<Sent>> told = new ArrayList<>();
    private final Map<String, String> people = new TreeMap<>();
    private final Map<String, Integer> chipsOfStrangers = new TreeMap<>();
    private final Map<String, String> visits = new TreeMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int photos;
    private int negatives;
    private int erased;
    private int story;

    /**
     * A command and its answer.
     *
     * @param reasons why it is rejected, one of them; empty if it is done
     * @param samples that the answer tells; null for none
     * @param erasedPhotos rows of face_sample and stranger_chip that an erasure erases
     */
    record Sent(GalleryCommand command, List<String> reasons, Long samples, long erasedPhotos) {}

    /** Where a chip like no other is on its topic. */
    interface Chips {
        long send(String eventId);
    }

    CommandMix(Random random, int stories, Chips chips) {
        this.random = random;
        this.stories = stories;
        this.chips = chips;
        for (int n = 0; n < stories; n++) {
            person("left " + n, 2);
            person("right " + n, 3);
            chipsOfStrangers.put("stranger " + n, 1);
            visits.put("left " + n, "left " + n);
            visits.put("right " + n, "right " + n);
            visits.put("stranger " + n, "stranger");
        }
        photos = 5 * stories;
    }

    /** As PostgreSQL makes it of a text. */
    static UUID id(String who) {
        try {
            String hex =
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(who.getBytes(UTF_8)));
            return UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next command, of a story that is being told, or of a new one. */
    Sent next() {
        while (told.size() < AT_ONCE) {
            told.add(new ArrayDeque<>(tell()));
        }
        return nextOfThese();
    }

    /** Whether a story has not come to its end. */
    boolean isUnfinished() {
        return !told.isEmpty();
    }

    Sent nextOfThese() {
        Deque<Sent> of = told.get(random.nextInt(told.size()));
        Sent next = of.remove();
        told.removeIf(Deque::isEmpty);
        return next;
    }

    private List<Sent> tell() {
        if (kinds.isEmpty()) {
            List<Integer> all = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
            Collections.shuffle(all, random);
            kinds.addAll(all);
        }
        int n = story++;
        if (n >= stories) {
            throw new IllegalStateException("there are people for " + stories + " stories only");
        }
        List<Sent> all = new ArrayList<>();
        boolean again = random.nextBoolean();
        switch (kinds.remove()) {
            case 0 -> madeAndRenamed(all, n, again);
            case 1 -> mergedAndUnmerged(all, n, again);
            case 2 -> mergedAndErased(all, n);
            case 3 -> split(all, n, again);
            case 4 -> strangerNamed(all, n, again);
            case 5 -> strangerKept(all, n, again);
            case 6 -> denied(all, n, again);
            default -> nobody(all, n);
        }
        all.forEach(sent -> counts.merge(
                sent.command.kind() + (sent.reasons.isEmpty() ? "" : " rejected " + sent.reasons.get(0)),
                1,
                Integer::sum));
        return all;
    }

    private static UUID command() {
        return UUID.randomUUID();
    }

    private static void done(List<Sent> all, GalleryCommand command, Long samples) {
        all.add(new Sent(command, List.of(), samples, 0));
    }

    private static void rejected(List<Sent> all, GalleryCommand command, String... reasons) {
        all.add(new Sent(command, List.of(reasons), null, 0));
    }

    private void erased(List<Sent> all, String who, int erasedPhotos) {
        all.add(new Sent(new Erase(command(), who, null, null), List.of(), null, erasedPhotos));
        erased++;
    }

    private void person(String name, int ofPhotos) {
        people.put(name, ofPhotos + " {} f");
    }

    private void madeAndRenamed(List<Sent> all, int n, boolean erase) {
        String first = "first " + n;
        String second = "second " + n;
        rejected(all, new Rename(command(), first, second), "no-such-person");
        done(all, new Create(command(), first, null), null);
        done(all, new Tag(command(), List.of(first), TAG), null);
        rejected(all, new Create(command(), first, null), "name-taken");
        done(all, new Rename(command(), first, second), null);
        done(all, new Ignore(command(), List.of(second)), null);
        if (erase) {
            erased(all, second, 0);
        } else {
            people.put(second, "0 {" + TAG + "} t");
        }
    }

    private void mergedAndUnmerged(List<Sent> all, int n, boolean undo) {
        String left = "left " + n;
        String right = "right " + n;
        UUID merge = command();
        rejected(all, new Undo(command(), merge), TOO_EARLY);
        done(all, new Merge(merge, List.of(left), right), 2L);
        rejected(all, new Merge(command(), List.of(left), right), "same-person");
        if (undo) {
            done(all, new Undo(command(), merge), 2L);
            rejected(all, new Undo(command(), merge), "already-undone");
        } else {
            people.remove(left);
            person(right, 5);
            visits.put(left, right);
        }
    }

    private void mergedAndErased(List<Sent> all, int n) {
        String left = "left " + n;
        String right = "right " + n;
        UUID merge = command();
        done(all, new Merge(merge, List.of(left), right), 2L);
        done(all, new Rename(command(), right, "renamed " + n), null);
        erased(all, "renamed " + n, 5);
        rejected(all, new Rename(command(), id(right).toString(), "risen " + n), "erased");
        rejected(all, new Rename(command(), left, "risen " + n), "no-such-person");
        rejected(all, new Split(command(), List.of(id(left + " 1")), null, "risen " + n), "no-such-sample");
        rejected(all, new Undo(command(), merge), "erased");
        people.remove(left);
        people.remove(right);
        visits.put(left, "unknown");
        visits.put(right, "unknown");
        photos -= 5;
    }

    private void split(List<Sent> all, int n, boolean undo) {
        UUID split = command();
        UUID photo = id("right " + n + " 1");
        rejected(all, new Undo(command(), split), TOO_EARLY);
        done(all, new Split(split, List.of(photo), null, "split " + n), 1L);
        rejected(all, new Split(command(), List.of(photo), "split " + n, null), "no-such-sample");
        if (undo) {
            done(all, new Undo(command(), split), 1L);
            rejected(all, new Undo(command(), split), "already-undone");
        } else {
            person("right " + n, 2);
            person("split " + n, 1);
        }
    }

    private void strangerNamed(List<Sent> all, int n, boolean undo) {
        String who = "stranger " + n;
        UUID name = command();
        rejected(all, new Tag(command(), List.of(id(who).toString()), TAG), "is-stranger");
        done(all, new Name(name, id(who), "named " + n), 1L);
        rejected(all, new Name(command(), id(who), "named again " + n), "no-such-stranger");
        if (undo) {
            done(all, new Undo(command(), name), 1L);
            rejected(all, new Rename(command(), "named " + n, "risen " + n), "no-such-person");
        } else {
            chipsOfStrangers.remove(who);
            person("named " + n, 1);
            visits.put(who, "named " + n);
            photos++;
        }
    }

    private void strangerKept(List<Sent> all, int n, boolean erase) {
        String who = "stranger " + n;
        for (String event : List.of(who + "#1", who + "#2")) {
            StrangerShot shot = new StrangerShot(
                    event,
                    new RecordPointer("detected-faces", 0, chips.send(event)),
                    new Quality(90, 200, 120, new Pose(0, 0, 0), 70f));
            done(all, new KeepStranger(command(), SOURCE, event, id(who), List.of(shot)), null);
        }
        if (erase) {
            erased(all, id(who).toString(), 3);
            rejected(all, new Name(command(), id(who), "risen " + n), "erased");
            chipsOfStrangers.remove(who);
            visits.put(who, "unknown");
        } else {
            chipsOfStrangers.put(who, 3);
        }
    }

    private void denied(List<Sent> all, int n, boolean undo) {
        String who = "left " + n;
        SightingRef visit = new SightingRef(SOURCE, who);
        UUID deny = command();
        rejected(all, new NotThisPerson(command(), "nobody " + n, visit, null), "no-such-person");
        done(all, new NotThisPerson(deny, who, visit, null), null);
        if (undo) {
            done(all, new Undo(command(), deny), 0L);
            rejected(all, new Undo(command(), deny), "already-undone");
        } else if (n % 2 == 0) {
            visits.put(who, "unknown");
            negatives++;
        } else {
            erased(all, who, 2);
            rejected(all, new NotThisPerson(command(), id(who).toString(), visit, null), "shot-gone");
            people.remove(who);
            visits.put(who, "unknown");
            photos -= 2;
        }
    }

    private static void nobody(List<Sent> all, int n) {
        String who = "nobody " + n;
        String right = "right " + n;
        rejected(all, new Rename(command(), who, "risen " + n), "no-such-person");
        rejected(all, new Merge(command(), List.of(who), right), "no-such-person");
        rejected(all, new Split(command(), List.of(id(who)), right, null), "no-such-sample");
        rejected(all, new Name(command(), id(who), "risen " + n), "no-such-stranger");
        rejected(all, new Ignore(command(), List.of(who)), "no-such-person");
        rejected(all, new Erase(command(), who, null, null), "no-such-person");
    }

    /** Each person's name, photos, tags and whether ignored. */
    List<String> people() {
        return people.entrySet().stream()
                .map(person -> person.getKey() + " " + person.getValue())
                .toList();
    }

    /** The numbers of chips of strangers, by their ids. */
    List<String> strangers() {
        return chipsOfStrangers.entrySet().stream()
                .map(stranger -> id(stranger.getKey()) + " " + stranger.getValue())
                .toList();
    }

    /** Each visit and whose it is: a name, or a kind. */
    List<String> visits() {
        return visits.entrySet().stream()
                .map(visit -> visit.getKey() + " " + visit.getValue())
                .toList();
    }

    int photos() {
        return photos;
    }

    int negatives() {
        return negatives;
    }

    int erased() {
        return erased;
    }

    /** How many commands of each kind there are, by how they end. */
    Map<String, Integer> counts() {
        return new HashMap<>(counts);
    }
}
