package io.facestream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.facestream.frames.CameraFrame;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentFramesTest {
    private final RecentFrames recent = new RecentFrames();

    private static CameraFrame frame(String source, String id, int partition, long offset) {
        return new CameraFrame(
                "lobby",
                id,
                URI.create(source),
                Instant.EPOCH,
                Instant.EPOCH,
                new RecordPointer("camera-frames", partition, offset),
                new byte[] {1},
                false);
    }

    @Test
    void theSameIdOfAnotherSourceOrPartitionIsNoDuplicate() {
        recent.note(frame("/a", "1", 0, 1));
        recent.note(frame("/b", "1", 0, 2));
        recent.note(frame("/a", "1", 1, 3));

        assertThatCode(() -> {
                    recent.check(frame("/b", "1", 0, 2));
                    recent.check(frame("/a", "1", 1, 3));
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aFrameThatComesAgainFromItsPlaceIsNoDuplicateAndOneBehindItIs() {
        for (int attempt = 0; attempt < 3; attempt++) {
            recent.note(frame("/a", "1", 0, 4));
            assertThatCode(() -> recent.check(frame("/a", "1", 0, 4))).doesNotThrowAnyException();
        }
        recent.note(frame("/a", "1", 0, 9));

        RejectedException rejection =
                catchThrowableOfType(RejectedException.class, () -> recent.check(frame("/a", "1", 0, 9)));

        assertThat(rejection).isNotNull().hasMessageContaining("offset 4").hasMessageContaining("/a");
        assertThat(rejection.reason()).isEqualTo(RejectReason.DUPLICATE_ID);
    }

    @Test
    void theMemoryIsBounded() {
        recent.note(frame("/a", "first", 0, 0));
        for (int i = 1; i <= RecentFrames.MOST; i++) {
            recent.note(frame("/a", "id-" + i, 0, i));
        }

        assertThatCode(() -> recent.check(frame("/a", "first", 0, 100_000))).doesNotThrowAnyException();
        assertThat(catchThrowableOfType(RejectedException.class, () -> recent.check(frame("/a", "id-1", 0, 100_000))))
                .isNotNull();
    }
}
