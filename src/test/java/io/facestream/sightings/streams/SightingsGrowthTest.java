package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is forgotten, when, and that nobody is forgotten who has not been told of. */
class SightingsGrowthTest {
    private final DrivenTopology topology = new DrivenTopology();
    private final FilmedCamera lobby = new FilmedCamera("lobby", 0);
    private final FilmedCamera door = new FilmedCamera("door", 0);
    private final Somebody ada = new Somebody("Ada", true);
    private final Somebody bob = new Somebody("Bob", true);

    @AfterEach
    void close() {
        topology.close();
    }

    private void assertNothingIsStored() {
        assertThat(topology.rows(SightingsProcessor.VISITS)).isEmpty();
        assertThat(topology.rows(SightingsProcessor.PENDING)).isEmpty();
    }

    @Test
    void whoWasBeforeACameraThatDiedIsToldToHaveLeftThoughAReplayNeverWaits() {
        lobby.film(0, 2, at(ada, 300, 300)).forEach(topology::read);

        // when hours of the other camera are read in minutes, and the end is not in sight
        for (int hour = 1; hour <= 3; hour++) {
            topology.read(door.film(Duration.ofHours(hour)));
            topology.pass(Duration.ofMinutes(1));
        }

        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada", "left 3 Ada");
        assertNothingIsStored();
    }

    @Test
    void theVectorsOfACameraThatIsAloneOnItsPartitionGoADayAfterItDied() {
        lobby.film(0, 2, at(ada, 300, 300)).forEach(topology::read);
        lobby.film(2, 3, at(ada, 300, 300)).forEach(topology::vectors); // and matching is gone for good
        topology.readToTheEnd = true;
        for (int hour = 0; hour < 23; hour++) {
            topology.pass(Duration.ofHours(1));
        }
        assertThat(topology.changes()).endsWith("left 3 Ada");
        assertThat(topology.rows(SightingsProcessor.VISITS)).isNotEmpty();

        topology.pass(Duration.ofHours(2));
        topology.pass(Duration.ofMinutes(2));

        assertNothingIsStored();
        assertThat(topology.told()).isEmpty();
    }

    @Test
    void nothingIsForgottenByTheWallClockWhileThereIsSomethingToRead() {
        lobby.film(0, 2, at(ada, 300, 300)).forEach(topology::read);
        topology.pass(Duration.ofDays(3));
        topology.pass(Duration.ofMinutes(2));

        lobby.film(2, 4, at(ada, 300, 300)).forEach(topology::read);
        lobby.film(4, 10).forEach(topology::read);

        assertThat(topology.rows()).hasSize(1);
        assertThat(topology.rows().values().iterator().next().frames()).isEqualTo(20);
    }

    @Test
    void aRejectedMarkOfACamerasLastFrameKeepsNoVisitOpenOnceOthersGoOn() {
        lobby.film(0, 2, at(ada, 300, 300)).forEach(topology::read);
        topology.vectors(lobby.film(Duration.ofSeconds(2), at(ada, 300, 300))); // its event and mark were rejected
        topology.readToTheEnd = true;

        for (int second = 3; second < 30; second++) {
            topology.read(door.film(Duration.ofSeconds(second), at(bob, 300, 300)));
            topology.pass(Duration.ofSeconds(1));
        }

        assertThat(topology.changes()).contains("left 3 Ada");
        assertThat(topology.skipped("incomplete")).isEqualTo(1);
        assertThat(topology.rows(SightingsProcessor.PENDING)).isEmpty();
    }

    @Test
    void aRejectedMarkOfACamerasLastFrameKeepsNoVisitOpenForMoreThanAnHour() {
        lobby.film(0, 2, at(ada, 300, 300)).forEach(topology::read);
        topology.vectors(lobby.film(Duration.ofSeconds(2), at(ada, 300, 300)));
        topology.readToTheEnd = true;
        topology.pass(Duration.ofMinutes(50));
        assertThat(topology.changes()).as("matching may stand still").endsWith("updated 2 Ada");

        topology.pass(Duration.ofMinutes(11));

        assertThat(topology.changes()).containsExactly("left 3 Ada");
    }

    @Test
    void aFrameWithMoreFacesThanAPictureHoldsIsCutAndTheServiceGoesOn() {
        Shown[] crowd = IntStream.range(0, 1_500)
                .mapToObj(i -> at(ada, i % 40 * 32, i / 40 * 18))
                .toArray(Shown[]::new);
        long begun = System.nanoTime();
        lobby.film(0, 0.4, crowd).forEach(topology::read);

        assertThat(topology.rows()).hasSize(1_000);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(50));
        topology.read(lobby.film(Duration.ofSeconds(7)));
        assertThat(topology.changes()).hasSize(1_000);
    }

    @Test
    void twoFacesOfAFrameThatSayTheyAreOneAreOneVisit() {
        for (int i = 0; i < 5; i++) {
            Filmed frame = lobby.film(Duration.ofMillis(200L * i), at(ada, 300, 300), at(bob, 900, 300));
            topology.vectors(frame);
            topology.event(frame.events().get(0));
            topology.event(Rewritten.of(frame.events().get(1), "#1\"", "#0\""));
            topology.event(frame.events().get(2));
        }

        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada");
    }
}
