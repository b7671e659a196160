package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Visits where the broker's or the camera's clock is wrong, or is set in mid-visit. */
class SightingsClocksTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final DrivenTopology topology = new DrivenTopology();
    private final FilmedCamera lobby = new FilmedCamera("lobby", 0);
    private final Somebody ada = new Somebody("Ada", true);
    private final Somebody bob = new Somebody("Bob", true);

    @AfterEach
    void close() {
        topology.close();
    }

    private void film(FilmedCamera camera, double from, double to, Shown... shown) {
        for (long millis = Math.round(from * 1000); millis < Math.round(to * 1000); millis += 200) {
            topology.read(camera.film(Duration.ofMillis(millis), shown));
        }
    }

    private Sighting onlyRow() {
        assertThat(topology.rows()).hasSize(1);
        return topology.rows().values().iterator().next();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3S", "PT10S", "PT1H", "P1D", "P2900000D"})
    void aBrokersClockThatIsSetBackInMidVisitCutsNoVisitAndLosesNoFrame(Duration back) {
        lobby.setBroker(back);
        film(lobby, 0, 4, at(ada, 300, 300));
        lobby.setBroker(Duration.ZERO);
        film(lobby, 4, 20, at(ada, 300, 300));
        topology.pass(Duration.ofMinutes(2));
        film(lobby, 20, 30, at(ada, 300, 300));
        assertThat(topology.changes()).containsExactly("appeared 1", "updated 2 Ada");

        film(lobby, 30, 40);

        assertThat(topology.changes()).containsExactly("left 3 Ada");
        assertThat(onlyRow().frames()).isEqualTo(150);
        assertThat(onlyRow().lastSeen()).isEqualTo(FilmedCamera.START.plusMillis(29_800));
        assertThat(topology.skipped("refused")).isZero();
    }

    @Test
    void oneFrameOfTheFarFutureEndsNoOtherCamerasVisitForGood() {
        FilmedCamera door = new FilmedCamera("door", 0);
        film(door, 0, 3, at(bob, 300, 300));
        film(lobby, 0, 3, at(ada, 300, 300));
        lobby.setBroker(DAY.multipliedBy(360 * 7_900));
        topology.read(lobby.film(Duration.ofSeconds(3), at(ada, 300, 300)));
        lobby.setBroker(Duration.ZERO);
        topology.rows();

        for (double from = 3.2; from < 40; from += 10) {
            film(door, from, from + 10, at(bob, 300, 300));
            film(lobby, from, from + 10, at(ada, 300, 300));
            topology.pass(Duration.ofSeconds(61));
        }

        assertThat(topology.rows().values())
                .filteredOn(row -> row.camera().equals("door"))
                .singleElement()
                .satisfies(row -> assertThat(row.change()).isNotEqualTo(Sighting.Change.LEFT));
        assertThat(topology.rows().values())
                .filteredOn(row -> row.camera().equals("lobby"))
                .as("the visit before, and one that goes on")
                .hasSizeLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "P20000D", "PT-2M", "P-700000D", "PT61S"})
    void aVisitIsAsLongAsItWasThoughTheCamerasClockIsSetMeanwhile(Duration set) {
        film(lobby, 0, 10, at(ada, 300, 300));
        lobby.setCamera(set);
        film(lobby, 10, 30, at(ada, 400, 300));
        film(lobby, 30, 48); // has left, and returns
        film(lobby, 48, 50, at(ada, 300, 300));
        film(lobby, 50, 60);

        Sighting row = onlyRow();
        assertThat(row.firstSeen()).isEqualTo(FilmedCamera.START);
        assertThat(Duration.between(row.firstSeen(), row.lastSeen()))
                .isBetween(Duration.ofMillis(49_700), Duration.ofMillis(49_900));
        assertThat(row.namedAfterMillis()).isEqualTo(600);
        assertThat(row.frames()).isEqualTo(160);
    }

    @Test
    void aCameraWhoseClockIsWrongAllTheTimeIsBelieved() {
        lobby.setCamera(DAY.negated().multipliedBy(20_000));
        film(lobby, 0, 3, at(ada, 300, 300));
        film(lobby, 3, 9);

        Instant first = FilmedCamera.START.minus(DAY.multipliedBy(20_000));
        assertThat(onlyRow().firstSeen()).isEqualTo(first);
        assertThat(onlyRow().lastSeen()).isEqualTo(first.plusMillis(2800));
    }

    @Test
    void framesThatWereHeldUpForMinutesKeepTheirTimes() {
        // given a camera whose line is cut for five minutes, and which then sends what it kept
        film(lobby, 0, 2, at(ada, 300, 300));
        lobby.setBroker(Duration.ofMinutes(5));
        for (int i = 0; i < 20; i++) {
            topology.read(lobby.film(Duration.ofMillis(2_000 + 200 * i), at(ada, 300, 300)));
        }

        // then the broker's clock ends the visit of before, and that of after lasts as long as it did
        Sighting later =
                topology.rows().values().stream().reduce((one, other) -> other).orElseThrow();
        assertThat(later.firstSeen()).isEqualTo(FilmedCamera.START.plusSeconds(2));
        assertThat(topology.rows()).hasSize(2);
    }

    @Test
    void aFrameThatArrivesTwiceIsCountedOnceThoughItLiesAtTwoPlaces() {
        for (int i = 0; i < 20; i++) {
            Duration time = Duration.ofMillis(200L * i);
            topology.read(lobby.film(time, "first-version", "frame-" + i, at(ada, 300, 300)));
            if (i % 3 == 0) {
                topology.read(lobby.film(time, "first-version", "frame-" + i, at(ada, 300, 300)));
            }
        }
        film(lobby, 4, 10);

        assertThat(onlyRow().frames()).isEqualTo(20);
        assertThat(topology.skipped("refused")).isEqualTo(7);
    }

    @Test
    void aPublisherThatCallsAllItsFramesTheSameIsSeenAllTheSame() {
        for (int i = 0; i < 20; i++) {
            topology.read(lobby.film(Duration.ofMillis(200L * i), "first-version", "frame", at(ada, 300, 300)));
        }
        film(lobby, 4, 10);

        assertThat(onlyRow().frames()).isEqualTo(20);
    }
}
