package io.facestream.sightings.visits;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.faces.Box;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.frames.FrameInfo;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.RecordPointer;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.facestream.sightings.tracking.SeenFace;
import io.facestream.sightings.vote.Verdict;
import io.facestream.sightings.vote.VoteRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More visits than a camera can hold, of faces that do not resemble each other. */
class CameraVisitsTest {
    private static final Instant START = Instant.parse("2026-05-04T09:30:00Z");
    private static final int DIMENSIONS = 256;

    private final CameraVisits visits = new CameraVisits(new VisitRules(
            new VoteRules(2, Duration.ofMillis(600), 0.999),
            Duration.ofSeconds(5),
            Duration.ofHours(1),
            Duration.ofMinutes(5)));
    private final Names names = new Names();
    private final List<Sighting> told = new ArrayList<>();
    private long offset;

    /** @param people each with a face of their own, side by side */
    private void film(double seconds, IntStream people) {
        RecordPointer place = new RecordPointer("camera-frames", 0, offset++);
        Instant time = START.plusMillis(Math.round(seconds * 1000));
        FrameInfo frame = new FrameInfo(place.toString(), "/cameras/hall", "hall", time, time, 1280, 720, place, null);
        List<SeenFace> faces = new ArrayList<>();
        people.forEach(person -> faces.add(new SeenFace(
                place + "#" + faces.size(),
                faces.size(),
                new Box(faces.size() % 40 * 30, faces.size() / 40 * 30, 28, 28),
                new Quality(28, 300, 120, new Pose(0, 0, 0), 20f),
                new Verdict(Decision.UNKNOWN, null, null, 0),
                "v1",
                look(person),
                new IdentityEvent.Pointers(place, place, place))));
        told.addAll(visits.see(new SeenFrame(frame, faces), names));
    }

    private static float[] look(int person) {
        Random random = new Random(person);
        float[] vector = new float[DIMENSIONS];
        double squares = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    private long told(Change change) {
        return told.stream().filter(each -> each.change() == change).count();
    }

    @Test
    void whoIsThereTakesThePlaceOfWhoHasLeft() {
        // given 1,500 people within the time to rejoin, in groups that follow each other
        for (int group = 0; group < 10; group++) {
            int first = group * 150;
            for (int frame = 0; frame < 3; frame++) {
                film(group * 10 + frame * 0.2, IntStream.range(first, first + 150));
            }
            film(group * 10 + 6, IntStream.empty());
        }

        assertThat(told(Change.APPEARED)).isEqualTo(1_500);
        assertThat(told(Change.LEFT)).isEqualTo(1_500);
        assertThat(visits.takeRefused()).isZero();
        assertThat(visits.changes().values()).filteredOn(row -> row != null).hasSize(CameraVisits.MOST_VISITS);

        // and who left last is still remembered
        film(97, IntStream.range(1_350, 1_500));
        film(97.2, IntStream.range(1_350, 1_500));
        assertThat(told(Change.RETURNED)).isEqualTo(150);
    }

    @Test
    void moreFacesThanOpenTracksAreRefusedAndCounted() {
        for (int frame = 0; frame < 2; frame++) {
            film(frame * 0.2, IntStream.range(0, 600));
            film(frame * 0.2 + 0.1, IntStream.range(600, 1_200));
        }

        assertThat(told(Change.APPEARED)).isEqualTo(1_000);
        // twice each, unless one lies where somebody else is expected
        assertThat(visits.takeRefused()).isBetween(200L, 400L);
    }
}
