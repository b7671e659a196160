package io.facestream.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhotoGroupsTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderWithoutTheFileHasNoGroups() throws IOException {
        assertThat(PhotoGroups.in(folder)).isEmpty();
    }

    @Test
    void aPersonsLabelsAreThoseOfAllTheirPhotos() throws IOException {
        PhotoGroups groups = groups("name,age,camera\nAda,20-40,gate\n");

        assertThat(groups.of(photo("Ada", "1.jpg"))).isEqualTo(Map.of("age", "20-40", "camera", "gate"));
    }

    @Test
    void aPhotosOwnLabelCountsMoreThanItsPersons() throws IOException {
        PhotoGroups groups = groups("name,age,camera\nAda,20-40,gate\nAda/2.jpg,,hall\n");

        assertThat(groups.of(photo("Ada", "2.jpg"))).isEqualTo(Map.of("age", "20-40", "camera", "hall"));
    }

    @Test
    void whoIsNotListedHasNoLabel() throws IOException {
        assertThat(groups("name,age\nAda,20-40\n").of(photo("Bob", "1.jpg"))).isEmpty();
    }

    @Test
    void namesAreTheSameInEitherFormOfUnicode() throws IOException {
        PhotoGroups groups = groups("name,age\nZoe\u0308,20-40\n");

        assertThat(groups.of(photo("Zo\u00eb", "1.jpg"))).containsEntry("age", "20-40");
    }

    @Test
    void quotesHoldCommasAndQuotes() throws IOException {
        PhotoGroups groups = groups("name,light\n\"Doe, Jane\",\"\"\"dim\"\", at night\"\n");

        assertThat(groups.of(photo("Doe, Jane", "1.jpg"))).containsEntry("light", "\"dim\", at night");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Ada,20-40                  | the first line is not name",
                "name                       | the first line is not name",
                "name,age,age               | or the name of another",
                "name,age,                  | a kind of groups has no name",
                "name,a,b,c,d,e,f,g,h,i     | at most 8 kinds of groups, not 9",
                "name,age;Ada,1,2           | line 2: not name,age",
                "name,age;Ada               | line 2: not name,age",
                "name,age;,20               | line 2: not name,age",
                "name,age;Ada,1;Ada,2       | line 3: the name has been there before",
                "name,age;Ada,\"1           | line 2: a quote is out of place",
                "name,age;Ada,1\"2          | line 2: a quote is out of place",
                "name,age;Ada,a\u200bb      | line 2 has a label that cannot be shown"
            })
    void aFileThatCannotBeMeantIsRefusedWithItsLine(String lines, String message) {
        assertThatThrownBy(() -> groups(lines.replace(';', '\n')))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("groups.csv")
                .hasMessageContaining(message);
    }

    @Test
    void moreGroupsThanAnybodyComparesAreRefused() {
        String lines = IntStream.range(0, 33).mapToObj(i -> "P" + i + "," + i).collect(Collectors.joining("\n"));

        assertThatThrownBy(() -> groups("name,age\n" + lines))
                .hasMessageContaining("line 34: at most 32 groups by age");
    }

    @Test
    void aFileAboutOtherPhotosIsRefused() throws IOException {
        PhotoGroups groups = groups("name,age\nEve,20-40\n");

        assertThatThrownBy(() -> groups.check(List.of(photo("Ada", "1.jpg")), line -> {}))
                .hasMessageContaining("labels none of the photos beside it");
    }

    @Test
    void namesThatAreNotInTheFolderAreTold() throws IOException {
        PhotoGroups groups = groups("name,age\nAda,20-40\nEve,20-40\nAda/3.jpg,20-40\n");
        List<String> told = new ArrayList<>();

        groups.check(List.of(photo("Ada", "1.jpg")), told::add);

        assertThat(told).singleElement().asString().endsWith("2 of its 3 names are not beside it: Ada/3.jpg, Eve");
    }

    private PhotoGroups groups(String csv) throws IOException {
        Files.writeString(folder.resolve(PhotoGroups.FILE), csv);
        return PhotoGroups.in(folder).orElseThrow();
    }

    private static Photo photo(String name, String file) {
        return new Photo(name, Path.of(name, file));
    }
}
