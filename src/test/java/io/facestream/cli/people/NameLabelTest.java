package io.facestream.cli.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameLabelTest {
    private static final Scalar GREEN = new Scalar(60, 200, 60, 0);

    @ParameterizedTest
    @CsvSource({
        "Bob Müller, Bob M??ller, Bob Muller",
        "Łukasz Żółć, ?ukasz ????, Lukasz Zolc",
        "Ærø Åse, ?r? ?se, Aero Ase",
        "Дмитрий, ???????, Dmitrij",
        "Ελένη, ?????, Eleni",
        "Nguyễn Thị, Nguy??n Th?, Nguyen Thi"
    })
    void aNameIsDrawnInItsOwnLetters(String name, String garbled, String plain) {
        List<Byte> drawn = pixels(NameLabel.draw(name, GREEN, 24, 1000));

        assertThat(drawn)
                .isNotEqualTo(pixels(NameLabel.draw(garbled, GREEN, 24, 1000)))
                .isNotEqualTo(pixels(NameLabel.draw(plain, GREEN, 24, 1000)));
        assertThat(drawn.stream().distinct()).hasSizeGreaterThan(10);
    }

    /** Drawn in a font of the machine, or as a box where none has the letter. */
    @ParameterizedTest
    @ValueSource(strings = {"李小龍", "محمد علي", "שלום", "अमित", "😀", "👩‍🔬"})
    void aNameInAnyScriptLeavesSomethingToSee(String name) {
        List<Byte> drawn = pixels(NameLabel.draw(name, GREEN, 24, 1000));

        assertThat(drawn).contains((byte) 0);
        assertThat(drawn).isNotEqualTo(pixels(NameLabel.draw("?".repeat(name.length()), GREEN, 24, 1000)));
    }

    @Test
    void aLongNameIsCutAtThePicturesWidth() {
        try (Mat label = NameLabel.draw("a".repeat(256), GREEN, 24, 320)) {
            assertThat(label.cols()).isEqualTo(320);
        }
    }

    @Test
    void theLabelHasTheColourOfTheBox() {
        List<Byte> drawn = pixels(NameLabel.draw("I", GREEN, 24, 1000));

        assertThat(drawn.subList(0, 3)).containsExactly((byte) 60, (byte) 200, (byte) 60);
    }

    @Test
    void withoutAnyFontANameLosesItsAccentsOnly() {
        assertThat(pixels(NameLabel.inAscii("Bob Müller", GREEN, 24, 1000)))
                .isEqualTo(pixels(NameLabel.inAscii("Bob Muller", GREEN, 24, 1000)))
                .contains((byte) 0);
    }

    private static List<Byte> pixels(Mat label) {
        try (label) {
            byte[] bytes = new byte[label.rows() * label.cols() * label.channels()];
            label.data().get(bytes);
            List<Byte> pixels = new ArrayList<>(bytes.length);
            for (byte value : bytes) {
                pixels.add(value);
            }
            return pixels;
        }
    }
}
