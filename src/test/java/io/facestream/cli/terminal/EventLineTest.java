package io.facestream.cli.terminal;

import static io.facestream.cli.publish.SampleEvent.candidate;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.publish.SampleEvent;
import io.facestream.identities.Candidate;
import io.facestream.identities.Identification.Decision;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class EventLineTest {
    @Test
    void aKnownPersonIsNamed() {
        assertThat(line(Decision.KNOWN, candidate("Ada", 0.534f), candidate("Bea", 1.3f)))
                .isEqualTo(time() + "  gate  KNOWN     Ada                  distance 0.53 (threshold 1.10)"
                        + "  face 87 px at 120,45");
    }

    @Test
    void anUnknownPersonIsNotNamedAfterTheNearest() {
        assertThat(line(Decision.UNKNOWN, candidate("Ada", 1.25f)))
                .isEqualTo(time() + "  gate  UNKNOWN   -                    distance 1.25 (threshold 1.10)"
                        + "  face 87 px at 120,45");
    }

    @Test
    void ofAnAmbiguousFaceBothCandidatesAreNamed() {
        assertThat(line(Decision.AMBIGUOUS, candidate("Ada", 0.9f), candidate("Bea", 0.92f)))
                .contains("AMBIGUOUS Ada or Bea           distance 0.90 ");
    }

    @Test
    void aNameCannotCommandTheTerminal() {
        assertThat(line(Decision.KNOWN, candidate("Ada\033[2J\u009b\n", 0.5f), candidate("Bea", 1.3f)))
                .contains("KNOWN     Ada\ufffd[2J\ufffd\ufffd ");
    }

    @Test
    void anEmptyGalleryIsSaidToBeEmpty() {
        assertThat(line(Decision.UNKNOWN)).contains("UNKNOWN   -                    nobody enrolled (threshold 1.10)");
    }

    private static String line(Decision decision, Candidate... candidates) {
        return EventLine.of(SampleEvent.of("gate", decision, candidates));
    }

    /** In the zone of whoever reads it. */
    private static String time() {
        return DateTimeFormatter.ofPattern("HH:mm:ss.SSS")
                .format(SampleEvent.CAPTURED_AT.atZone(ZoneId.systemDefault()));
    }
}
