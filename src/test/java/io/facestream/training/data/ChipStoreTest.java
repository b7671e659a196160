package io.facestream.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.SyntheticPictures;
import io.facestream.frames.Picture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChipStoreTest {
    @TempDir
    private Path folder;

    @Test
    void chipsComeBackAsTheyWereInAnyOrder() throws IOException {
        try (ChipStore store = new ChipStore(folder);
                Picture first = SyntheticPictures.noise(160, 160, 1);
                Picture second = SyntheticPictures.noise(160, 160, 2)) {
            assertThat(store.append(first)).isEqualTo(0);
            assertThat(store.append(second)).isEqualTo(1);

            try (Picture read = store.read(1);
                    Picture again = store.read(0)) {
                assertThat(bytes(read)).isEqualTo(bytes(second));
                assertThat(bytes(again)).isEqualTo(bytes(first));
            }
            assertThat(store.size()).isEqualTo(2);
        }
    }

    @Test
    void itLeavesNothingBehindEvenIfItIsNotClosed() throws IOException {
        Path scratch = folder.resolve("made/if/need/be");
        try (ChipStore store = new ChipStore(scratch);
                Picture chip = SyntheticPictures.noise(160, 160, 1)) {
            store.append(chip);
            assertThat(scratch).isEmptyDirectory();
            store.read(0).close();
        }
    }

    @Test
    void aPictureOfAnotherSizeIsNoChip() throws IOException {
        try (ChipStore store = new ChipStore(folder);
                Picture picture = SyntheticPictures.noise(112, 112, 1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.append(picture))
                    .withMessageContaining("112x112");
            assertThatIllegalArgumentException().isThrownBy(() -> store.read(0)).withMessage("chip 0 of 0");
        }
    }

    private static byte[] bytes(Picture picture) {
        byte[] bytes = new byte[ChipStore.CHIP_BYTES];
        picture.rgb().<ByteBuffer>createBuffer().get(bytes);
        return bytes;
    }
}
