package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.facestream.evaluation.PairsFile.Pair;
import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

        List<Pair> pairs = PairsFile.read(file).among(PHOTOS);

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

        assertThat(PairsFile.read(file).among(PHOTOS)).containsExactly(new Pair(0, 1, true, 0));
    }

    @Test
    void leadingZerosOfANumberDoNotMatter() throws Exception {
        assertThat(PairsFile.read(file("Bob\t0001\t0010")).among(PHOTOS)).containsExactly(new Pair(2, 3, true, 0));
    }

    @Test
    void onlyPairsOfThePeopleThatCountAreRead() throws Exception {
        Path file = file("Ada\t1\t2", "Bob\t1\t10", "Ada\t1\tBob\t1", "Bob\t1\tAda\t1", "Eve\t1\t2");

        assertThat(PairsFile.read(file).of(Set.of("Ada")).among(PHOTOS)).containsExactly(new Pair(0, 1, true, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ada 1 2", "Ada\t1", "Ada\t1\tBob\t1\t2", "10\t300", "Ada\t1\t01", "Ada\t1\tAda\t2"})
    void aLineThatIsNoPairIsNamed(String wrong) throws Exception {
        Path file = file("Ada\t1\t2", wrong);

        assertThatIOException()
                .isThrownBy(() -> PairsFile.read(file).among(PHOTOS))
                .withMessageStartingWith(file + " line 2: ")
                .withMessageEndingWith(wrong);
    }

    @Test
    void aPhotoThatIsNotThereIsNamedWithItsLine() throws Exception {
        Path file = file("4", "Ada\t1\t2", "Ada\t1\tBob\t3");

        assertThatIOException()
                .isThrownBy(() -> PairsFile.read(file).among(PHOTOS))
                .withMessage(file + " line 3: no photo 3 of Bob");
    }

    @Test
    void ofSeveralPhotosThatAreNotThereTheFirstIsNamedAndTheOthersAreCounted() throws Exception {
        Path file = file("Ada\t1\t2", "Eve\t1\tBob\t1", "Ada\t1\tBob\t3", "Eve\t1\t2");

        assertThatIOException()
                .isThrownBy(() -> PairsFile.read(file).among(PHOTOS))
                .withMessage(file + " line 2: no photo 1 of Eve, and 2 more lines like it");
    }

    @Test
    void twoPhotosOfOneNumberAreAnErrorOnlyWhereAPairNamesThem() throws Exception {
        List<Photo> photos = List.of(
                SyntheticFaces.photo("Ada", 1),
                new Photo("Ada", Path.of("Ada", "Ada_0002.jpg")),
                new Photo("Ada", Path.of("Ada", "Ada_2.png")),
                SyntheticFaces.photo("Ada", 3));
        Path file = file("Ada\t1\t2");

        assertThat(PairsFile.read(file("Ada\t1\t3")).among(photos)).hasSize(1);
        assertThatIOException()
                .isThrownBy(() ->
                        PairsFile.read(Files.writeString(file, "Ada\t1\t2")).among(photos))
                .withMessage(file + " line 1: two photos 2 of Ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF10\t300\r\nAda\t1\t2\r\n", "Ada\t1\t2", "\uFEFFAda\t1\t2\r", "\n \r\nAda\t1\t2  \n"})
    void pairsAreReadAsAnyEditorSavesThem(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("pairs.txt"), text);

        assertThat(PairsFile.read(file).among(PHOTOS)).containsExactly(new Pair(0, 1, true, 0));
    }

    @ParameterizedTest
    @CsvSource({"Bj\u00f6rn, Bjo\u0308rn", "Bjo\u0308rn, Bj\u00f6rn"})
    void aNameIsTheSameInEitherUnicodeForm(String inFile, String ofFolder) throws Exception {
        List<Photo> photos = List.of(SyntheticFaces.photo(ofFolder, 1), SyntheticFaces.photo(ofFolder, 2));
        PairsFile pairs = PairsFile.read(file(inFile + "\t1\t2"));

        assertThat(pairs.among(photos)).hasSize(1);
        assertThat(pairs.of(Set.of(ofFolder)).among(photos)).hasSize(1);
    }

    @Test
    void namesMayHaveSpaces() throws Exception {
        List<Photo> photos = List.of(SyntheticFaces.photo("Ada King", 1), SyntheticFaces.photo("Ada King", 2));

        assertThat(PairsFile.read(file("Ada King\t1\t2")).among(photos)).hasSize(1);
    }

    @Test
    void thePeopleOfAFileAreAllThatItNames() throws Exception {
        PairsFile pairs = PairsFile.read(file("Ada\t1\t2", "Bob\t1\tEve\t1"));

        assertThat(pairs.people()).containsExactlyInAnyOrder("Ada", "Bob", "Eve");
        assertThat(pairs.of(Set.of("Ada", "Bob")).people()).containsExactly("Ada");
    }

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("pairs.txt"), List.of(lines));
    }
}
