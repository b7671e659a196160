package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.evaluation.PairsFile.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairsFileTest {
    private static final List<Photo> PHOTOS = List.of(
            SyntheticFaces.photo("Ada", 1),
            SyntheticFaces.photo("Ada", 2),
            SyntheticFaces.photo("Bob", 1),
            SyntheticFaces.photo("Bob", 10));

    @TempDir
    private Path folder;

    @Test
    void aPairOfOnePersonAfterOneOfTwoBeginsAFold() throws Exception {
        Path file = file("Ada\t1\t2", "Ada\t1\tBob\t10", "Ada\t2\tBob\t1", "Bob\t1\t10", "Bob\t1\tAda\t2");

        List<Pair> pairs = PairsFile.read(file, PHOTOS, Set.of());

        assertThat(pairs)
                .containsExactly(
                        new Pair(0, 1, true, 0),
                        new Pair(0, 3, false, 0),
                        new Pair(1, 2, false, 0),
                        new Pair(2, 3, true, 1),
                        new Pair(2, 1, false, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10\t300", "300", "10 300"})
    void aFirstLineOfNumbersIsSkipped(String header) throws Exception {
        Path file = file(header, "", "Ada\t1\t2");

        assertThat(PairsFile.read(file, PHOTOS, Set.of())).containsExactly(new Pair(0, 1, true, 0));
    }

    @Test
    void leadingZerosOfANumberDoNotMatter() throws Exception {
        assertThat(PairsFile.read(file("Bob\t0001\t0010"), PHOTOS, Set.of())).containsExactly(new Pair(2, 3, true, 0));
    }

    @Test
    void onlyPairsOfThePeopleThatCountAreRead() throws Exception {
        Path file = file("Ada\t1\t2", "Bob\t1\t10", "Ada\t1\tBob\t1", "Bob\t1\tAda\t1", "Eve\t1\t2");

        assertThat(PairsFile.read(file, PHOTOS, Set.of("Ada"))).containsExactly(new Pair(0, 1, true, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ada 1 2", "Ada\t1", "Ada\t1\tBob\t1\t2", "10\t300"})
    void aLineThatIsNoPairIsNamed(String wrong) throws Exception {
        Path file = file("Ada\t1\t2", wrong);

        assertThatIOException()
                .isThrownBy(() -> PairsFile.read(file, PHOTOS, Set.of()))
                .withMessageStartingWith(file + " line 2: ")
                .withMessageEndingWith(wrong);
    }

    @Test
    void aPhotoThatIsNotThereIsNamedWithItsLine() throws Exception {
        Path file = file("4", "Ada\t1\t2", "Ada\t1\tBob\t3");

        assertThatIOException()
                .isThrownBy(() -> PairsFile.read(file, PHOTOS, Set.of()))
                .withMessage(file + " line 3: no photo 3 of Bob");
    }

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("pairs.txt"), List.of(lines));
    }
}
