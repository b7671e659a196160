package io.facestream.alerts.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.gallery.TestGallery;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is asked about is known by the name of today, or as gone. */
class DirectoryTest {
    private static final TestGallery GALLERY = TestGallery.of(DirectoryTest.class);
    private static final int MANY = 20_000;

    private Directory directory;

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        directory =
                new Directory(GALLERY.as("facestream_alerts"), Duration.ofSeconds(10), Duration.ofDays(30), 500, 200);
    }

    @Test
    void howeverManyPeopleWereSeenTheNextOneIsAskedAboutToo() throws SQLException {
        List<UUID> people = GALLERY.addPeople(MANY + 1);
        people.subList(0, MANY).forEach(directory::ask);
        directory.read();

        UUID last = people.get(MANY);
        directory.ask(last);
        directory.read();

        assertThat(directory.snapshot().people()).hasSize(MANY + 1);
        assertThat(directory.snapshot().people().get(last).name()).isEqualTo("person " + MANY);
    }

    /** Strangers have no name to be found by, and are asked about until they are given one. */
    @Test
    void howeverManyStrangersWereSeenTheNextPersonIsAskedAboutToo() throws SQLException {
        for (int i = 0; i < MANY; i++) {
            directory.ask(UUID.randomUUID());
        }
        directory.read();

        UUID person = GALLERY.addPeople(1).get(0);
        directory.ask(person);
        directory.read();

        assertThat(directory.snapshot().people()).containsOnlyKeys(person);
        assertThat(directory.snapshot().gone()).hasSizeLessThanOrEqualTo(MANY);
    }

    @Test
    void strangersOfTodayTakeNoPlaceOfAPersonOfYesterday() throws SQLException {
        UUID person = GALLERY.addPeople(1).get(0);
        UUID stranger = UUID.randomUUID();
        GALLERY.execute("insert into facestream.identity (id, kind) values ('" + stranger + "', 'stranger')");
        addVisit("a#0", "stranger", stranger, 0);
        addVisit("b#0", "person", person, 1);
        Directory one =
                new Directory(GALLERY.as("facestream_alerts"), Duration.ofSeconds(10), Duration.ofDays(30), 1, 1);

        one.read();

        assertThat(one.snapshot().people()).containsOnlyKeys(person);
    }

    private static void addVisit(String id, String kind, UUID identity, int daysAgo) throws SQLException {
        GALLERY.execute("select facestream.make_sighting_days(array[(now() at time zone 'UTC')::date - " + daysAgo
                + "]);"
                + " insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind,"
                + " identity_id, first_seen, last_seen, first_appended_at, last_appended_at, frames, best)"
                + " select '/cameras/door', '" + id + "', (at at time zone 'UTC')::date, 1, 'left', 'door', '" + kind
                + "', '" + identity + "', at, at, at, at, 2, '{}'"
                + " from (select now() - interval '" + daysAgo + " days' as at) t");
    }

    @Test
    void whoIsErasedIsGoneForGoodAndSoIsWhoNeverWas() throws SQLException {
        UUID person = GALLERY.addPeople(1).get(0);
        UUID nobody = UUID.randomUUID();
        directory.ask(person);
        directory.ask(nobody);
        directory.read();
        assertThat(directory.snapshot().gone()).containsExactly(nobody);

        GALLERY.query("select * from facestream.erase_person('person 0')");
        directory.read();
        directory.read();

        assertThat(directory.snapshot().people()).isEmpty();
        assertThat(directory.snapshot().gone()).containsExactlyInAnyOrder(person, nobody);
    }
}
