package io.facestream.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.training.commands.Augmentation;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.BatchPlan.Slot;
import io.facestream.training.data.TrainingSet.Person;
import io.facestream.training.network.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
    private static final TrainingSettings SETTINGS =
            TrainingSettings.defaults(Architecture.MOBILEFACENET, Augmentation.FAR_CAMERA);

    private static TrainingSet people(int... photos) {
        List<Person> people = new ArrayList<>();
        int chip = 0;
        for (int count : photos) {
            int start = chip;
            people.add(new Person(
                    "P" + people.size(),
                    IntStream.range(start, start + count).boxed().toList()));
            chip += count;
        }
        return new TrainingSet(people, List.of());
    }

    private static TrainingSet manyPeople() {
        return people(IntStream.range(0, 70).map(i -> 1 + i % 3).toArray());
    }

    @Test
    void aBatchIsOfDifferentPeopleWithAsManyPhotosEach() {
        List<List<Slot>> epoch = new BatchPlan(SETTINGS, manyPeople()).epoch(1);

        assertThat(epoch).hasSize(5).allSatisfy(batch -> assertThat(photosOfPeople(batch))
                .hasSize(SETTINGS.people())
                .allSatisfy((person, photos) -> assertThat(photos).hasSize(SETTINGS.photos())));
    }

    private static Map<Integer, List<Slot>> photosOfPeople(List<Slot> batch) {
        return batch.stream().collect(Collectors.groupingBy(Slot::person));
    }

    @Test
    void everyoneComesInAnEpochAndWhoHasMorePhotosMoreOftenUpToABound() {
        TrainingSet set = people(1, 4, 5, 9, 500);

        BatchPlan plan = new BatchPlan(batchesOf(2), set);
        Map<Integer, Long> turns = plan.epoch(1).stream()
                .flatMap(batch -> photosOfPeople(batch).keySet().stream())
                .collect(Collectors.groupingBy(person -> person, Collectors.counting()));

        assertThat(plan.batches()).isEqualTo(6); // 1 + 1 + 2 + 3 + 4 turns, two a batch
        assertThat(plan.epoch(1)).hasSize(6);
        assertThat(turns).containsOnlyKeys(0, 1, 2, 3, 4);
        assertThat(turns.get(4)).isBetween((long) BatchPlan.MOST_TURNS, 6L);
    }

    private static TrainingSettings batchesOf(int people) {
        return new TrainingSettings(
                SETTINGS.architecture(),
                SETTINGS.mining(),
                SETTINGS.margin(),
                SETTINGS.epochs(),
                people,
                4,
                SETTINGS.learningRate(),
                SETTINGS.augmentation(),
                SETTINGS.ties(),
                0,
                0,
                SETTINGS.seed());
    }

    @Test
    void halfOfEachPersonsPhotosAreFarAndWhoHasFewerComesWithTheSameAgain() {
        for (List<Slot> photos : new BatchPlan(SETTINGS, manyPeople())
                .epoch(1).stream()
                        .flatMap(batch -> photosOfPeople(batch).values().stream())
                        .toList()) {
            long different = photos.stream().map(Slot::chip).distinct().count();
            assertThat(photos.stream().filter(Slot::far)).hasSize(2);
            assertThat(photos.stream().map(Slot::seed)).doesNotHaveDuplicates();
            assertThat(different).isEqualTo(1 + photos.get(0).person() % 3);
        }
    }

    @Test
    void farOnlyShowsAllPhotosAsAFarCameraWould() {
        TrainingSettings farOnly = TrainingSettings.defaults(Architecture.MOBILEFACENET, Augmentation.FAR_ONLY);

        assertThat(new BatchPlan(farOnly, manyPeople()).epoch(1))
                .allSatisfy(batch -> assertThat(batch).allMatch(Slot::far));
    }

    @Test
    void anEpochIsTheSameWhenItIsPlannedAgainAndUnlikeTheNext() {
        List<List<Slot>> first = new BatchPlan(SETTINGS, manyPeople()).epoch(1);

        assertThat(new BatchPlan(SETTINGS, manyPeople()).epoch(1)).isEqualTo(first);
        assertThat(new BatchPlan(SETTINGS, manyPeople()).epoch(2)).isNotEqualTo(first);
    }

    @Test
    void aBatchOfMorePeopleThanThereAreHoldsThemAll() {
        BatchPlan plan = new BatchPlan(SETTINGS, people(3, 4, 2));

        assertThat(plan.epoch(1)).hasSize(1).allSatisfy(batch -> assertThat(photosOfPeople(batch))
                .containsOnlyKeys(0, 1, 2));
    }
}
