package io.facestream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.training.Checkpoint.Best;
import io.facestream.training.commands.EndReason;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final Checkpoint CHECKPOINT = new Checkpoint(
            "settings",
            3,
            1L << 40,
            new Best(0.75, 2),
            Optional.of(new TrainingEnd(EndReason.NO_IMPROVEMENT, "nothing – for 2 epochs")),
            Map.of("layer/weights", new float[] {1, -2.5f, Float.MIN_VALUE}));

    @Test
    void whatIsReadIsWhatWasWritten() {
        Checkpoint read = Checkpoint.read(CHECKPOINT.bytes());

        assertThat(read).usingRecursiveComparison().ignoringFields("variables").isEqualTo(CHECKPOINT);
        assertThat(read.variables()).containsOnlyKeys("layer/weights");
        assertThat(read.variables().get("layer/weights")).containsExactly(1, -2.5f, Float.MIN_VALUE);
    }

    @Test
    void damageIsNoticed() {
        byte[] bytes = CHECKPOINT.bytes();
        byte[] flipped = bytes.clone();
        flipped[bytes.length / 2] ^= 1;

        assertThatIllegalArgumentException().isThrownBy(() -> Checkpoint.read(flipped));
        assertThatIllegalArgumentException().isThrownBy(() -> Checkpoint.read(Arrays.copyOf(bytes, bytes.length - 1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checkpoint.read(new byte[0]))
                .withMessageContaining("0 bytes");
    }
}
