package io.facestream.sightings.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.faces.Box;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.RecordPointer;
import io.facestream.sightings.vote.Poll;
import io.facestream.sightings.vote.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AssociationTest {
    private static final RecordPointer POINTER = new RecordPointer("topic", 0, 0);
    private static final UUID ADA = new UUID(0, 1);
    private static final UUID BOB = new UUID(0, 2);
    private static final Verdict KNOWN_ADA = new Verdict(Decision.KNOWN, null, ADA, 0.99);
    private static final Verdict KNOWN_BOB = new Verdict(Decision.KNOWN, null, BOB, 0.99);
    private static final Verdict NOBODY = new Verdict(Decision.UNKNOWN, null, null, 0);

    /** A face of 100 px whose vector lies at that angle in a plane. */
    private static SeenFace face(double x, double degrees) {
        return face(x, degrees, "v1", NOBODY);
    }

    private static SeenFace face(double x, double degrees, String version, Verdict verdict) {
        double radians = Math.toRadians(degrees);
        return new SeenFace(
                "e",
                0,
                new Box((float) x - 50, 50, 100, 100),
                new Quality(100, 300, 120, new Pose(0, 0, 0), 60f),
                verdict,
                version,
                new float[] {(float) Math.cos(radians), (float) Math.sin(radians), 0},
                new IdentityEvent.Pointers(POINTER, POINTER, POINTER));
    }

    private static Association.Candidate track(SeenFace... faces) {
        Track track = Track.of(faces[0], 0);
        for (int i = 1; i < faces.length; i++) {
            track.add(faces[i], i * 200L);
        }
        return new Association.Candidate(track, new Poll());
    }

    /** The track of one face, with votes of so many like it. */
    private static Association.Candidate track(SeenFace face, int votes) {
        Poll poll = new Poll();
        for (int i = 0; i < votes; i++) {
            poll.add(face.verdict(), face.quality(), face.modelVersion(), i * 200L);
        }
        return new Association.Candidate(Track.of(face, 0), poll);
    }

    private static int[] at(long millis, List<SeenFace> faces, Association.Candidate... tracks) {
        return Association.of(faces, List.of(tracks), millis);
    }

    @Test
    void likenessDecidesWherePlacesAreExchanged() {
        int[] found = at(200, List.of(face(200, 3), face(100, 87)), track(face(100, 0)), track(face(200, 90)));

        assertThat(found).containsExactly(0, 1);
    }

    @Test
    void aFaceThatLooksDifferentBeginsATrackOfItsOwn() {
        assertThat(at(200, List.of(face(220, 90)), track(face(100, 0)))).containsExactly(Association.NONE);
    }

    @Test
    void aPoorLikenessIsTakenNearByAndNotAcrossThePicture() {
        assertThat(at(200, List.of(face(280, 70)), track(face(100, 0)))).containsExactly(0);
        assertThat(at(200, List.of(face(900, 70)), track(face(100, 0)))).containsExactly(Association.NONE);
    }

    @Test
    void aFaceThatIsSurelySomebodyElsesIsTakenForItsLooksAlone() {
        Association.Candidate stranger = track(face(100, 0, "v1", NOBODY), 5);
        Association.Candidate bob = track(face(100, 0, "v1", KNOWN_BOB), 5);
        Association.Candidate ada = track(face(100, 0, "v1", KNOWN_ADA), 5);

        assertThat(at(200, List.of(face(110, 70, "v1", KNOWN_ADA)), stranger)).containsExactly(Association.NONE);
        assertThat(at(200, List.of(face(110, 70, "v1", KNOWN_ADA)), bob)).containsExactly(Association.NONE);
        assertThat(at(200, List.of(face(110, 70, "v1", KNOWN_ADA)), ada)).containsExactly(0);
        assertThat(at(200, List.of(face(110, 50, "v1", KNOWN_ADA)), stranger)).containsExactly(0);
        // another version may know whom the former one did not
        assertThat(at(200, List.of(face(110, 70, "v2", KNOWN_ADA)), stranger)).containsExactly(0);
    }

    @Test
    void theSameFaceIsTakenWhereverItIs() {
        assertThat(at(2_000, List.of(face(1_200, 10)), track(face(100, 0)))).containsExactly(0);
    }

    @Test
    void whoWalksOnIsExpectedWhereTheyGo() {
        // two people who look alike poorly, one walking to the right by 1.75 widths a frame
        Association.Candidate walking = track(face(100, 0), face(275, 0));
        Association.Candidate standing = track(face(560, 20), face(560, 20));

        assertThat(at(400, List.of(face(450, 65), face(565, 80)), walking, standing))
                .containsExactly(0, 1);
    }

    @Test
    void vectorsOfAnotherVersionAreNotCompared() {
        // the same angle, which means nothing across versions
        SeenFace other = face(110, 0, "v2", NOBODY);

        assertThat(Association.cost(other, track(face(100, 0)), 200))
                .isEqualTo(Association.cost(face(110, 180, "v2", other.verdict()), track(face(100, 0)), 200));
        assertThat(at(200, List.of(other), track(face(100, 0)))).containsExactly(0);
    }

    @Test
    void acrossVersionsTheIdentityDecides() {
        Association.Candidate ada = track(face(100, 0, "v1", KNOWN_ADA), 1);
        Association.Candidate bob = track(face(200, 90, "v1", KNOWN_BOB), 1);
        SeenFace knownAda = face(200, 0, "v2", KNOWN_ADA);
        SeenFace knownBob = face(100, 0, "v2", KNOWN_BOB);

        assertThat(Association.of(List.of(knownAda, knownBob), List.of(ada, bob), 200))
                .containsExactly(0, 1);
    }

    @Test
    void aTrackIsTheSameAfterItWasStored() throws Exception {
        Association.Candidate track =
                track(face(100, 0), face(180, 5), face(260, 8, "v2", face(1, 1).verdict()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        track.track().write(new DataOutputStream(bytes));

        Track read = Track.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

        for (SeenFace face :
                List.of(face(300, 20), face(500, 60, "v2", face(1, 1).verdict()), face(900, 1))) {
            assertThat(Association.cost(face, new Association.Candidate(read, new Poll()), 700))
                    .isEqualTo(Association.cost(face, track, 700));
        }
    }
}
