package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.curation.message.GalleryCommand.KeepStranger;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import io.facestream.sightings.visits.StrangerRules;
import io.facestream.sightings.visits.VisitRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of which visits the topology asks to keep the stranger, and what it tells of strangers who are kept. */
class StrangerVisitsTest {
    private static final VisitRules KEEPING = new VisitRules(
            DrivenTopology.RULES.votes(),
            DrivenTopology.RULES.absence(),
            DrivenTopology.RULES.rejoin(),
            DrivenTopology.RULES.updateInterval(),
            Optional.of(new StrangerRules(5, 40, 20)));

    private final DrivenTopology topology = new DrivenTopology(50_000, KEEPING);
    private final FilmedCamera lobby = new FilmedCamera("lobby", 0);
    private final Somebody ada = new Somebody("Ada", true);
    private final Somebody passerBy = new Somebody("Stranger", false);

    @AfterEach
    void close() {
        topology.close();
    }

    /** Frames at 5 a second, with nobody in view for six seconds after them. */
    private List<Filmed> film(double from, double to, Shown... shown) {
        List<Filmed> filmed = new ArrayList<>();
        IntStream.range(0, (int) Math.round((to - from) * 5))
                .forEach(i -> filmed.add(lobby.film(Duration.ofMillis(Math.round(1000 * from) + i * 200L), shown)));
        IntStream.range(0, 30)
                .forEach(i -> filmed.add(lobby.film(Duration.ofMillis(Math.round(1000 * to) + i * 200L))));
        return filmed;
    }

    private void read(List<Filmed> filmed) {
        filmed.forEach(topology::read);
    }

    @Test
    void aVisitOfSomebodyUnknownWithEnoughGoodFacesIsKeptWhenItIsOver() {
        read(film(0, 2, at(passerBy, 300, 300)));

        KeepStranger command = topology.commands().get(0);
        assertThat(command.source()).isEqualTo("/cameras/lobby");
        assertThat(command.sightingId()).isEqualTo("camera-frames-0-0#0");
        assertThat(command.stranger()).isNull();
        assertThat(command.shots())
                .hasSize(5)
                .allSatisfy(shot -> assertThat(shot.chip().topic()).isEqualTo("detected-faces"));
    }

    @Test
    void theCommandsIdIsTheVisitsHoweverOftenItIsWritten() {
        List<Filmed> filmed = film(0, 2, at(passerBy, 300, 300));
        read(filmed);
        UUID once = topology.commands().get(0).commandId();
        try (DrivenTopology again = new DrivenTopology(50_000, KEEPING)) {
            filmed.forEach(again::read);

            assertThat(again.commands().get(0).commandId()).isEqualTo(once);
        }
        assertThat(once.version()).isEqualTo(5);
        assertThat(once.variant()).isEqualTo(2);
    }

    @Test
    void theIdIsOfVersionFive() {
        // Python: uuid.uuid5(uuid.NAMESPACE_DNS, "www.example.com")
        assertThat(SightingsTopic.version5(UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"))
                .isEqualTo(UUID.fromString("2ed6657d-e927-568b-95e1-2665a8aea6a2"));
    }

    @Test
    void aShortVisitIsNotKeptUnlessTheFaceComesBack() {
        read(film(0, 0.6, at(passerBy, 300, 300)));
        assertThat(topology.commands()).isEmpty();

        read(film(8, 8.6, at(passerBy, 300, 300)));
        assertThat(topology.commands()).hasSize(1);
    }

    @Test
    void facesThatTheFramesEdgeCutsAreNotKept() {
        read(film(0, 2, at(passerBy, 30, 300)));

        assertThat(topology.told()).isNotEmpty();
        assertThat(topology.commands()).isEmpty();
    }

    @Test
    void smallFacesAreNotKept() {
        read(film(0, 2, new Shown(passerBy, 300, 300, 39, 60)));

        assertThat(topology.commands()).isEmpty();
    }

    @Test
    void blurredFacesAreNotKept() {
        read(film(0, 2, new Shown(passerBy, 300, 300, 80, 60, 19)));
        assertThat(topology.told()).isNotEmpty();
        assertThat(topology.commands()).isEmpty();

        read(film(60, 62, new Shown(passerBy, 300, 300, 80, 60, 20)));
        assertThat(topology.commands()).hasSize(1);
    }

    @Test
    void peopleAreNotKept() {
        read(film(0, 2, at(ada, 300, 300)));

        assertThat(topology.commands()).isEmpty();
    }

    @Test
    void whoIsEnrolledInMidVisitIsNotKept() {
        read(film(0, 2, at(passerBy, 300, 300)).subList(0, 10));
        passerBy.enrol();
        read(film(2, 6, at(passerBy, 300, 300)));

        assertThat(topology.commands()).isEmpty();
    }

    @Test
    void aStrangerWhoIsKeptIsTheSubjectOfTheVisit() {
        passerBy.keep();

        read(film(0, 2, at(passerBy, 300, 300)));

        Sighting row = topology.rows().values().iterator().next();
        assertThat(row.subject().kind()).isEqualTo(Subject.Kind.STRANGER);
        assertThat(row.subject().identityId()).isEqualTo(passerBy.id());
        assertThat(row.subject().name()).isNull();
        assertThat(row.reason()).isNull();
        assertThat(row.namedAfterMillis()).isEqualTo(600);
        assertThat(topology.commands().get(0).stranger()).isEqualTo(passerBy.id());
    }

    @Test
    void aStrangerWhoGetsANameInMidVisitIsAPersonFromThenOn() {
        passerBy.keep();
        read(film(0, 2, at(passerBy, 300, 300)).subList(0, 10));
        passerBy.enrol();

        read(film(2, 12, at(passerBy, 300, 300)));

        Sighting row = topology.rows().values().iterator().next();
        assertThat(row.subject().kind()).isEqualTo(Subject.Kind.PERSON);
        assertThat(row.subject().identityId()).isEqualTo(passerBy.id());
    }

    @Test
    void nothingIsAskedForWhereStrangersAreNotKept() {
        try (DrivenTopology off = new DrivenTopology()) {
            film(0, 2, at(passerBy, 300, 300)).forEach(off::read);

            assertThat(off.told()).isNotEmpty();
            assertThat(SightingsTopology.of(DrivenTopology.RULES, 1, null, null, null)
                            .describe()
                            .toString())
                    .doesNotContain("gallery-commands");
        }
    }
}
