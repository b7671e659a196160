package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.frames.TestPictures;
import io.facestream.web.WebApi;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;

/** People and visits for the page to show. */
final class PageData {
    private static final String BEST =
            """
            {"eventId": "e", "quality": {"size": 120, "sharpness": 300, "brightness": 120,
                                         "pose": {"yaw": 0, "pitch": 0, "roll": 0}},
             "pointers": {"chip": {"topic": "detected-faces", "partition": 0, "offset": 0}}}""";

    private static final byte[] CHIP =
            TestPictures.encode(TestPictures.halves(160, 160, Color.GRAY, Color.DARK_GRAY), "png");

    private static final Map<String, byte[]> FACES = new TreeMap<>(Map.of(
            "Eileen Collins", face("Eileen_Collins/nasa.jpg", 146, 58, 150),
            "Grace Hopper", face("Grace_Hopper/us-navy.jpg", 124, 94, 280),
            "John Ousterhout", face("John_Ousterhout/tk.jpg", 0, 26, 138)));

    private final WebApi api = new WebApi();
    private final Instant now = Instant.now();

    Instant now() {
        return now;
    }

    void clear() throws Exception {
        api.execute("delete from facestream.sighting");
        api.execute("delete from facestream.identity");
        api.execute("select facestream.make_sighting_days(array[(now() at time zone 'UTC')::date])");
    }

    /** The face of the demo's photo of somebody. */
    private static byte[] face(String photo, int x, int y, int side) {
        BufferedImage face =
                TestPictures.image(TestPictures.sample("people/" + photo)).getSubimage(x, y, side, side);
        BufferedImage chip = new BufferedImage(160, 160, BufferedImage.TYPE_3BYTE_BGR);
        chip.createGraphics().drawImage(face, 0, 0, 160, 160, null);
        return TestPictures.encode(chip, "png");
    }

    /** Enrols the demo's people with their real faces; the ids in the order of the names. */
    List<UUID> sampleGallery() throws Exception {
        List<UUID> people = new ArrayList<>();
        for (Map.Entry<String, byte[]> each : FACES.entrySet()) {
            UUID person = person(each.getKey());
            photo(person, people.size());
            api.execute("update facestream.face_sample set chip = ? where identity_id = ?", each.getValue(), person);
            people.add(person);
        }
        return people;
    }

    /** Gives all visits of the people of {@link #sampleGallery} their real faces. */
    void showSampleFaces() throws Exception {
        api.execute("update facestream.sighting_shot s set chip = p.chip from facestream.face_sample p"
                + " where p.identity_id = s.identity_id");
    }

    /** Has those visits go on. */
    void stay(String... visits) throws Exception {
        api.execute(
                "update facestream.sighting set change = 'updated' where sighting_id = any (string_to_array(?, ','))",
                String.join(",", visits));
    }

    /** A photo of a person, whose distance to others follows from that direction. */
    void photo(UUID person, int direction) throws Exception {
        api.execute(
                "insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality, source_topic,"
                        + " source_partition, source_offset)"
                        + " values (?, sha256(?), ?, true, '{}', 'labelled-faces', 0, ?)",
                person,
                person.toString().getBytes(UTF_8),
                CHIP,
                direction);
        api.execute(
                "insert into facestream.template (model_version, identity_id, embedding, samples)"
                        + " select v.version, ?, l2_normalize((array[1::float4, ?::float4]"
                        + " || array_fill(0::float4, array[v.dimensions - 2]))::vector), 1"
                        + " from facestream.model_version v where v.status = 'active'",
                person,
                direction);
    }

    /** One more photo of a person, of that quality. */
    void anotherPhoto(UUID person, String quality) throws Exception {
        api.execute(
                "insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality, source_topic,"
                        + " source_partition, source_offset)"
                        + " values (?, sha256(?), ?, true, ?::jsonb, 'labelled-faces', 0, 1)",
                person,
                UUID.randomUUID().toString().getBytes(UTF_8),
                CHIP,
                quality);
    }

    /** Says where the frame of a visit's best view is. */
    void frame(String visit, RecordMetadata place) throws Exception {
        api.execute(
                "update facestream.sighting set best = jsonb_set(best, '{pointers,frame}', jsonb_build_object('topic',"
                        + " ?::text, 'partition', ?::int, 'offset', ?::bigint)) where sighting_id = ?",
                place.topic(),
                place.partition(),
                place.offset(),
                visit);
    }

    /** Says where the chip of a visit's best view is, and of which face's event. */
    void face(String visit, String event, RecordMetadata place) throws Exception {
        api.execute(
                "update facestream.sighting set best = best || jsonb_build_object('eventId', ?::text, 'pointers',"
                        + " jsonb_build_object('chip', jsonb_build_object('topic', ?::text, 'partition', ?::int,"
                        + " 'offset', ?::bigint))) where sighting_id = ?",
                event,
                place.topic(),
                place.partition(),
                place.offset(),
                visit);
    }

    UUID person(String name) throws Exception {
        return UUID.fromString(api.query(
                        "with made as (insert into facestream.identity (kind, name) values ('person', ?) returning id)"
                                + " select id from made",
                        name)
                .get(0));
    }

    /** A visit that began so many minutes ago; of nobody known if the person is null. */
    void visit(String id, UUID person, String camera, int minutesAgo, String reason) throws Exception {
        Instant at = now.minusSeconds(60L * minutesAgo);
        api.execute(
                "insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind,"
                        + " identity_id, probability, reason, first_seen, last_seen, first_appended_at,"
                        + " last_appended_at, frames, best) values ('/cameras/' || ?, ?,"
                        + " (now() at time zone 'UTC')::date, 1, 'left', ?, ?, ?::uuid, ?::real,"
                        + " ?, ?, ?, ?, ?, 20, ?::jsonb)",
                camera,
                id,
                camera,
                person == null ? "unknown" : "person",
                person,
                person == null ? null : 0.987f,
                reason,
                at,
                at.plusSeconds(12),
                at,
                at.plusSeconds(12),
                BEST);
        if (person != null) {
            shot(id, person, camera, CHIP);
        }
    }

    /** The best shot of a visit of that person; of nobody known if it is null. */
    void shot(String id, UUID person, String camera, byte[] chip) throws Exception {
        api.execute(
                "insert into facestream.sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at,"
                        + " chip) values ('/cameras/' || ?, ?, (now() at time zone 'UTC')::date, 'e', ?::uuid,"
                        + " now(), ?)",
                camera,
                id,
                person,
                chip);
    }

    /** A stranger with one face and one visit of that id, which began so many minutes ago. */
    UUID stranger(String visit, int minutesAgo, String camera) throws Exception {
        UUID stranger = UUID.fromString(
                api.query("with made as (insert into facestream.identity (kind) values ('stranger') returning id)"
                                + " select id from made")
                        .get(0));
        api.execute(
                "insert into facestream.stranger (identity_id, expires_at) values (?, now() + interval '30 days')",
                stranger);
        api.execute(
                "insert into facestream.stranger_chip (identity_id, sha256, chip, quality, source_topic,"
                        + " source_partition, source_offset) values (?, sha256(?), ?, '{}', 'detected-faces', 0, 1)",
                stranger,
                stranger.toString().getBytes(UTF_8),
                CHIP);
        visit(visit, null, camera, minutesAgo, "nobody-near");
        api.execute(
                "update facestream.sighting set identity_id = ?, kind = 'stranger' where sighting_id = ?",
                stranger,
                visit);
        return stranger;
    }
}
