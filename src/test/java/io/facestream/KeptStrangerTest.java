package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.database.Sql;
import io.facestream.frames.TestPictures;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody nobody knows: from frames of cameras, through every role, to a name that events and past visits have. */
@QuarkusTest
@Tag("own-process")
@TestProfile(KeptStrangerTest.Keeping.class)
class KeptStrangerTest {
    private static final byte[] AKSEL = TestPictures.sample("strangers/Aksel_Andersson/print.jpg");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** As many good faces as a stranger is kept for, and one to spare. */
    private static final int FRAMES = 6;

    private final DataSource database = AllRoles.database();
    private Topics topics;

    /** Every role, which keeps strangers. */
    public static final class Keeping implements QuarkusTestProfile {
        private final AllRoles all = new AllRoles();

        @Override
        public String getConfigProfile() {
            return all.getConfigProfile();
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return all.testResources();
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("facestream.strangers.keep", "P30D");
        }
    }

    @BeforeEach
    void connect() {
        topics = new Topics();
    }

    @AfterEach
    void close() throws SQLException {
        topics.close();
        AllRoles.execute(database, "delete from facestream.identity");
    }

    /** Somebody walks by; the decision about the last face. */
    private IdentityEvent.Judgement film(String camera) throws Exception {
        RecordPointer frame = null;
        for (int i = 0; i < FRAMES; i++) {
            frame = topics.publish(Topic.CAMERA_FRAMES, null, camera, AKSEL, Map.of());
            topics.awaitMark(Topic.IDENTITY_EVENTS, frame);
        }
        return Json.read(topics.awaitFaces(Topic.IDENTITY_EVENTS, frame).get(0).value(), IdentityEvent.class)
                .judgement();
    }

    private List<String> strings(String query) throws SQLException {
        return Sql.on(database, sql -> sql.query(query, row -> row.getString(1)));
    }

    private GalleryEvent name(UUID stranger, String name) throws Exception {
        String id = UUID.randomUUID().toString();
        topics.publish(
                Topic.GALLERY_COMMANDS,
                null,
                id,
                Json.write(Map.of("command", "name", "commandId", id, "stranger", stranger, "name", name)),
                Map.of());
        return Json.read(
                topics.await(
                                Topic.GALLERY_EVENTS,
                                record -> record.key() != null && id.equals(new String(record.key(), UTF_8)))
                        .value(),
                GalleryEvent.class);
    }

    @Test
    void whoeverWalksByIsKeptKnownAgainAndNamedWithTheirPast() throws Exception {
        IdentityEvent.Judgement first = film("gate");
        assertThat(first.decision()).isEqualTo(Decision.UNKNOWN);
        assertThat(first.strangerId()).isNull();

        // The visit ends, sightings asks to keep the stranger, and curation fetches the chips and embeds them.
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(strings("select id from facestream.strangers"))
                .hasSize(1));
        UUID stranger =
                UUID.fromString(strings("select id from facestream.strangers").get(0));
        assertThat(strings("select id from facestream.stranger_chips where stranger_id = '" + stranger + "'"))
                .isNotEmpty();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(film("yard").strangerId()).isEqualTo(stranger));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        strings("select distinct camera from facestream.sighting where identity_id = '" + stranger
                                + "' and change = 'left' order by 1"))
                .containsExactly("gate", "yard"));
        assertThat(strings("select distinct coalesce(name, 'nobody') from facestream.sighting_log"))
                .containsExactly("nobody");

        GalleryEvent named = name(stranger, "Aksel Andersson");

        assertThat(named.state()).as("%s", named).isEqualTo(State.DONE);
        IdentityEvent.Judgement now = film("lobby");
        assertThat(now.decision()).isEqualTo(Decision.KNOWN);
        assertThat(now.name()).isEqualTo("Aksel Andersson");
        assertThat(now.identityId()).isEqualTo(stranger);
        assertThat(strings("select distinct camera || ' ' || name from facestream.sighting_log"
                        + " where camera in ('gate', 'yard') order by 1"))
                .containsExactly("gate Aksel Andersson", "yard Aksel Andersson");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(strings(
                        "select distinct kind || ' ' || name from facestream.sighting_log" + " where camera = 'lobby'"))
                .containsExactly("person Aksel Andersson"));
    }
}
