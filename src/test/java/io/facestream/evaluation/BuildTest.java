package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuildTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void aBuildKnowsItsVersionAndWhatItRunsOn() {
        Build build = Build.current();

        assertThat(build.version()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(build.built()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(build.java()).startsWith(System.getProperty("java.version"));
        assertThat(build.processors()).isPositive();
        assertThat(build.cpu()).isNotBlank();
    }

    @Test
    void aCommitIsNamedWholeOrNotAtAll() {
        Build build = Build.current();

        assertThat(build.commit() == null).isEqualTo(build.modified() == null);
        if (build.commit() != null) {
            assertThat(build.commit()).matches("[0-9a-f]{40,64}");
        }
    }

    @Test
    void buildsOfModifiedSourcesAreNeverTheSame() {
        assertThat(build(COMMIT, false, "10:00").sources())
                .isEqualTo(build(COMMIT, false, "11:00").sources());
        assertThat(build(COMMIT, true, "10:00").sources())
                .isNotEqualTo(build(COMMIT, true, "11:00").sources());
        assertThat(build(null, null, "10:00").sources())
                .isNotEqualTo(build(null, null, "11:00").sources());
    }

    @Test
    void aBuildIsReadByPeopleToo() {
        assertThat(build(COMMIT, true, "10:00"))
                .hasToString("0.1.0 at 0123456789, modified; Java 17; Linux; 2 processors, a cpu");
        assertThat(build(null, null, "10:00")).asString().startsWith("0.1.0 built 10:00; ");
    }

    private static Build build(String commit, Boolean modified, String built) {
        return new Build("0.1.0", commit, modified, built, "17", "Linux", "a cpu", 2);
    }
}
