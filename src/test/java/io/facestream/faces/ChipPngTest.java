package io.facestream.faces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.facestream.SyntheticPictures;
import io.facestream.frames.Picture;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChipPngTest {
    @Test
    void aChipComesBackAsItWas() throws Exception {
        try (Picture chip = SyntheticPictures.noise(160, 160, 1);
                Picture decoded = ChipPng.decode(ChipPng.encode(chip))) {
            byte[] before = new byte[3 * 160 * 160];
            byte[] after = new byte[before.length];
            chip.rgb().data().get(before);
            decoded.rgb().data().get(after);
            assertThat(after).isEqualTo(before);
        }
    }

    static Stream<Arguments> noChips() {
        BufferedImage image = TestPictures.halves(160, 160, Color.RED, Color.BLUE);
        byte[] chip = TestPictures.encodeWithOpenCv(image, ".png");
        byte[] wrongBit = chip.clone();
        wrongBit[chip.length / 2] ^= 1;
        return Stream.of(
                Arguments.of("0 bytes", new byte[0], "0 bytes"),
                Arguments.of("a huge size", TestPictures.pngThatAnnounces(30_000, 30_000), "width=30000"),
                Arguments.of(
                        "the largest size", TestPictures.pngThatAnnounces(Integer.MAX_VALUE, 160), "width=2147483647"),
                Arguments.of("no pixels", TestPictures.pngThatAnnounces(160, 160), "bytes of pixels"),
                Arguments.of("a JPEG", TestPictures.encode(image, "jpg"), "no PNG signature"),
                Arguments.of("a WebP", TestPictures.encodeWithOpenCv(image, ".webp"), "no PNG signature"),
                Arguments.of("16 bits", TestPictures.png16(image), "bitDepth=16"),
                Arguments.of("transparency", TestPictures.pngWithTransparency(image), "colourType=6"),
                Arguments.of(
                        "another size",
                        TestPictures.encode(TestPictures.halves(161, 160, Color.RED, Color.BLUE), "png"),
                        "width=161"),
                Arguments.of("half of one", Arrays.copyOf(chip, chip.length / 2), "breaks off"),
                Arguments.of("its first bytes", Arrays.copyOf(chip, 20), "no IHDR chunk"),
                Arguments.of("a flipped bit", wrongBit, "wrong checksum"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noChips")
    void whatIsNoChipIsRejectedBeforeADecoderSeesIt(String what, byte[] png, String named) {
        RejectedException rejection = catchThrowableOfType(
                RejectedException.class, () -> ChipPng.decode(png).close());

        assertThat(rejection).as(what).isNotNull().hasMessageContaining(named);
        assertThat(rejection.reason()).isEqualTo(RejectReason.BAD_MESSAGE);
    }
}
