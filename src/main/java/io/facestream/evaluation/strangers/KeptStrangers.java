package io.facestream.evaluation.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.frames.FrameInfo;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangerStore;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.identities.IdentityEvent;
import io.facestream.identities.Matcher;
import io.facestream.identities.MatchingConfig;
import io.facestream.messaging.RecordPointer;
import io.facestream.models.ModelVersion;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.VisitFrame;
import io.facestream.sightings.message.BestShot;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import io.facestream.sightings.tracking.SeenFace;
import io.facestream.sightings.visits.CameraVisits;
import io.facestream.sightings.visits.Names;
import io.facestream.sightings.visits.SeenFrame;
import io.facestream.sightings.visits.StrangerRules;
import io.facestream.sightings.visits.StrangerVisit;
import io.facestream.sightings.visits.VisitRules;
import io.facestream.sightings.vote.Verdict;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Strangers in a database of their own, kept by the service's own code: matching searches every face of a visit among
 * them, the rules of sightings say whose visit it is and which faces are to be kept, and the database keeps them.
 */
public final class KeptStrangers implements PassersBy {
    private static final String SOURCE = "/cameras/evaluation";
    private static final String CAMERA = "evaluation";

    /** Longer than any evaluation. */
    private static final Duration KEEP = Duration.ofDays(1);

    /** 5 frames/s. */
    private static final Duration BETWEEN_FRAMES = Duration.ofMillis(200);

    private final DataSource database;
    private final ModelVersion version;
    private final MatchingConfig matching;
    private final StrangersConfig config;
    private final VisitRules rules;
    private final GallerySearch gallery;
    private long frames;

    /**
     * @param database with the schema and the version, and nobody in it; its contents are lost
     * @param version by which the photos are embedded, the only live one
     * @param rules of visits; strangers are kept by those of {@code config}
     */
    public KeptStrangers(
            DataSource database,
            ModelVersion version,
            MatchingConfig matching,
            StrangersConfig config,
            VisitRules rules) {
        this.database = database;
        this.version = version;
        this.matching = matching;
        this.config = config;
        this.rules = rules.keeping(StrangerRules.of(config));
        this.gallery = new GallerySearch(database);
    }

    @Override
    public void forgetAll() throws SQLException {
        Sql.on(database, sql -> {
            sql.execute("delete from facestream.identity");
            // Deleted templates would stay in the index, and be in the way of a search.
            sql.execute("vacuum facestream.stranger_template");
            return null;
        });
    }

    @Override
    public Set<UUID> visit(List<EmbeddedPhoto> shown) throws SQLException {
        CameraVisits camera = new CameraVisits(rules);
        Names names = new Names();
        Map<String, EmbeddedPhoto> faces = new HashMap<>();
        List<Verdict> verdicts = verdicts(shown);
        Instant time = Instant.EPOCH;
        for (int i = 0; i < shown.size(); i++) {
            FrameInfo frame = frame(time);
            List<SeenFace> seen = new ArrayList<>();
            if (verdicts.get(i) != null) {
                seen.add(face(frame, shown.get(i), verdicts.get(i)));
                faces.put(seen.get(0).eventId(), shown.get(i));
            }
            camera.see(new SeenFrame(frame, seen), names);
            time = time.plus(BETWEEN_FRAMES);
        }
        // Nobody is there any more when the absence is over.
        List<Sighting> left =
                camera.see(new SeenFrame(frame(time.plus(rules.absence()).plus(BETWEEN_FRAMES)), List.of()), names);
        Set<UUID> strangers = new HashSet<>();
        for (Sighting sighting : left) {
            if (sighting.subject().kind() == Subject.Kind.STRANGER) {
                strangers.add(sighting.subject().identityId());
            }
        }
        for (StrangerVisit visit : camera.takeStrangers()) {
            keep(visit, faces).ifPresent(strangers::add);
        }
        return strangers;
    }

    /** What matching says of each frame's face; null where there is none. */
    private List<Verdict> verdicts(List<EmbeddedPhoto> shown) throws SQLException {
        // A search of its own for each visit: it counts strangers every few seconds only, and here they come faster.
        Matcher matcher = new Matcher(gallery, matching, Optional.of(new StrangerSearch(database, config)));
        List<Matcher.Match> matches = matcher.match(
                version,
                shown.stream()
                        .filter(EmbeddedPhoto::detected)
                        .map(photo -> new Matcher.Probe(photo.probe(), photo.quality()))
                        .toList());
        List<Verdict> verdicts = new ArrayList<>();
        int next = 0;
        for (EmbeddedPhoto photo : shown) {
            verdicts.add(photo.detected() ? Verdict.of(IdentityEvent.Judgement.of(matches.get(next++))) : null);
        }
        return verdicts;
    }

    private FrameInfo frame(Instant time) {
        RecordPointer place = new RecordPointer(CAMERA, 0, frames++);
        return new FrameInfo(
                place.toString(), SOURCE, CAMERA, time, time, VisitFrame.SIDE, VisitFrame.SIDE, place, null);
    }

    private SeenFace face(FrameInfo frame, EmbeddedPhoto photo, Verdict verdict) {
        return new SeenFace(
                frame.id() + "#0",
                0,
                photo.face().box(),
                photo.quality(),
                verdict,
                version.version(),
                photo.probe().vector(),
                new IdentityEvent.Pointers(frame.pointer(), frame.pointer(), frame.pointer()));
    }

    /**
     * As curation does. In place of a chip there is its name, since no decision depends on the picture.
     *
     * @param faces by their event's id
     */
    private Optional<UUID> keep(StrangerVisit visit, Map<String, EmbeddedPhoto> faces) throws SQLException {
        List<StrangerStore.Face> kept = new ArrayList<>();
        for (BestShot shot : visit.shots()) {
            EmbeddedPhoto photo = faces.get(shot.eventId());
            if (photo.sample().norm() >= StrangerSearch.leastNorm(version, config)) {
                kept.add(StrangerStore.Face.of(
                        shot.eventId().getBytes(UTF_8),
                        photo.quality(),
                        shot.pointers().chip(),
                        Map.of(version.version(), photo.sample())));
            }
        }
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Sql.inTransaction(database, sql -> new StrangerStore(config, KEEP)
                    .keep(sql, visit.source(), visit.sightingId(), visit.stranger(), StrangerStore.json(kept)));
        } catch (SQLException e) {
            if (GallerySchema.refusal(e).isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
