package io.facestream.evaluation.strangers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StrangersAgainTest {
    private static final int PEOPLE = 10;

    private final List<Photo> photos = IntStream.range(0, PEOPLE)
            .boxed()
            .flatMap(person -> IntStream.range(0, 4)
                    .mapToObj(number -> new Photo("person " + person, Path.of(person + "-" + number + ".jpg"))))
            .toList();

    /** @param strangers of a visit, by its photo */
    private StrangersAgain.Report report(Function<Photo, Set<UUID>> strangers) throws Exception {
        StrangersAgain again = new StrangersAgain(photos, 1);
        Map<Photo, List<EmbeddedPhoto>> frames = again.photos().stream()
                .collect(Collectors.toMap(Function.identity(), photo -> List.of(EmbeddedPhoto.undetected(photo))));
        return again.report(
                frames,
                new PassersBy() {
                    @Override
                    public Set<UUID> visit(List<EmbeddedPhoto> shown) {
                        return strangers.apply(shown.get(0).photo());
                    }

                    @Override
                    public void forgetAll() {}
                },
                count -> 1.1,
                () -> {});
    }

    @Test
    void everybodyComesThreeTimes() throws Exception {
        Map<String, Integer> visits = new HashMap<>();

        StrangersAgain.Report report = report(photo -> {
            visits.merge(photo.name(), 1, Integer::sum);
            return Set.of();
        });

        assertThat(visits).hasSize(PEOPLE).allSatisfy((name, count) -> assertThat(count)
                .isEqualTo(StrangersAgain.VISITS * StrangersAgain.DRAWINGS));
        assertThat(report.visits()).isEqualTo(PEOPLE * StrangersAgain.VISITS);
        assertThat(report.kept()).isZero();
        assertThat(report.asTwo()).isZero();
    }

    @Test
    void whoIsTheSameStrangerEveryTimeIsNoError() throws Exception {
        StrangersAgain.Report report =
                report(photo -> Set.of(UUID.nameUUIDFromBytes(photo.name().getBytes())));

        assertThat(report.strangers()).isEqualTo(PEOPLE, within(1e-9));
        assertThat(report.kept()).isEqualTo(1, within(1e-9));
        assertThat(report.asTwo()).isZero();
        assertThat(report.asOne()).isZero();
    }

    @Test
    void whoIsAnotherStrangerEveryTimeIsMoreThanOne() throws Exception {
        StrangersAgain.Report report = report(photo -> Set.of(UUID.randomUUID()));

        assertThat(report.asTwo()).isEqualTo(1, within(1e-9));
        assertThat(report.asOne()).isZero();
    }

    @Test
    void twoWhoShareAStrangerAreBothCounted() throws Exception {
        StrangersAgain.Report report = report(photo -> Set.of(UUID.nameUUIDFromBytes(
                photo.name().replace("person 1", "person 0").getBytes())));

        assertThat(report.asOne()).isEqualTo(2.0 / PEOPLE, within(1e-9));
        assertThat(report.asTwo()).isZero();
    }
}
