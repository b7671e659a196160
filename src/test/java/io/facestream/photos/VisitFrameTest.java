package io.facestream.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.SharedData;
import io.facestream.frames.Picture;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VisitFrameTest {
    private static final int FRAMES = 5;

    @Test
    void everyFrameOfAVisitIsAnotherPictureOfOneSize() {
        try (Picture photo = photo();
                Picture first = new VisitFrame(0, FRAMES, 1).of(photo, "Grace/1.jpg");
                Picture last = new VisitFrame(4, FRAMES, 1).of(photo, "Grace/1.jpg")) {
            assertThat(bytes(first)).isNotEqualTo(bytes(last));
            assertThat(first.width()).isEqualTo(VisitFrame.SIDE);
            assertThat(last.height()).isEqualTo(VisitFrame.SIDE);
        }
    }

    @Test
    void theSameFrameIsTheSameEveryTimeAndLeavesThePhoto() {
        try (Picture photo = photo()) {
            byte[] before = bytes(photo);
            try (Picture once = new VisitFrame(2, FRAMES, 1).of(photo, "Grace/1.jpg");
                    Picture again = new VisitFrame(2, FRAMES, 1).of(photo, "Grace/1.jpg");
                    Picture ofAnotherPhoto = new VisitFrame(2, FRAMES, 1).of(photo, "Grace/2.jpg");
                    Picture ofAnotherSeed = new VisitFrame(2, FRAMES, 2).of(photo, "Grace/1.jpg")) {
                assertThat(bytes(again)).isEqualTo(bytes(once));
                assertThat(bytes(ofAnotherPhoto)).isNotEqualTo(bytes(once));
                assertThat(bytes(ofAnotherSeed)).isNotEqualTo(bytes(once));
            }
            assertThat(bytes(photo)).isEqualTo(before);
        }
    }

    @Test
    void aFrameBeyondTheVisitIsRefused() {
        assertThatThrownBy(() -> new VisitFrame(FRAMES, FRAMES, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("number 5");
    }

    private static Picture photo() {
        return SharedData.read(Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg"));
    }

    private static byte[] bytes(Picture picture) {
        byte[] bytes = new byte[picture.width() * picture.height() * 3];
        picture.rgb().data().get(bytes);
        return bytes;
    }
}
