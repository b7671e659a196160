package io.facestream.photos;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.SharedData;
import io.facestream.frames.Picture;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HardshipTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void itChangesThePictureAndLeavesTheOriginal(Hardship hardship) {
        try (Picture picture = picture()) {
            byte[] before = bytes(picture);
            try (Picture hard = hardship.of(picture, "Ada/1.jpg", 1)) {
                assertThat(bytes(hard)).isNotEqualTo(before);
            }
            assertThat(bytes(picture)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSamePhotoIsChangedAlikeEveryTime(Hardship hardship) {
        try (Picture picture = picture();
                Picture once = hardship.of(picture, "Ada/1.jpg", 1);
                Picture again = hardship.of(picture, "Ada/1.jpg", 1)) {
            assertThat(bytes(again)).isEqualTo(bytes(once));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SMALL")
    void onlySmallOnesAreSmaller(Hardship hardship) {
        try (Picture picture = picture();
                Picture hard = hardship.of(picture, "Ada/1.jpg", 1)) {
            assertThat(hard.width()).isEqualTo(picture.width());
            assertThat(hard.height()).isEqualTo(picture.height());
        }
    }

    private static Picture picture() {
        return SharedData.read(Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg"));
    }

    private static byte[] bytes(Picture picture) {
        byte[] bytes = new byte[picture.width() * picture.height() * 3];
        picture.rgb().data().get(bytes);
        return Arrays.copyOf(bytes, bytes.length);
    }
}
