package io.facestream.sightings.visits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short scene of people who are made up. {@link SceneRun} measures longer ones with the faces of real people. */
class SceneTest {
    private static final long SEED = 5;

    private final SceneRun run = new SceneRun(FilmedPeople.madeUp(80, SEED), SEED);

    @ParameterizedTest
    @ValueSource(ints = {5, 15})
    void visitsOfPeopleWhoCrossLeaveReturnAndAreCoveredAreFound(int framesPerSecond) {
        Scene scene = run.scene(100, framesPerSecond);

        SceneScore score = SceneScore.of(scene, run.tell(scene, run.filmed(scene)), run.enrolled());

        assertThat(score.foundPercent()).as("%s", score).isGreaterThanOrEqualTo(95);
        assertThat(score.splitPercent()).as("%s", score).isLessThanOrEqualTo(6);
        assertThat(score.mergedPercent()).as("%s", score).isLessThanOrEqualTo(3);
        assertThat(score.ghostsPerHundred()).as("%s", score).isLessThanOrEqualTo(2);
        assertThat(score.wrong()).as("%s", score).isLessThanOrEqualTo(1);
    }

    @Test
    void overlapAloneBreaksOnWhoeverWalks() {
        Scene scene = run.scene(100, 5);

        SceneScore overlap = SceneScore.of(scene, SceneRun.byOverlap(scene, run.filmed(scene)), run.enrolled());

        assertThat(overlap.foundPercent()).as("%s", overlap).isLessThan(70);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 15})
    void storedAndRestoredAfterEveryFrameTheVisitsAreTheSame(int framesPerSecond) {
        List<SeenFrame> frames = run.filmed(run.scene(100, framesPerSecond));

        List<String> once = SceneRun.rows(new CameraVisits(SceneRun.RULES), frames, false);

        assertThat(SceneRun.rows(new CameraVisits(SceneRun.RULES), frames, true))
                .isEqualTo(once)
                .hasSizeGreaterThan(90);
    }
}
