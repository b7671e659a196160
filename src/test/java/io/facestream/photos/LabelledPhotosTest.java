package io.facestream.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.facestream.frames.TestPictures;
import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledPhotosTest {
    private static final byte[] PHOTO = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");

    @TempDir
    private Path folder;

    /** As macOS, Windows, Synology and Google Takeout leave a folder of photos. */
    @Test
    void whatIsHiddenOrNoPictureIsLeftOutAndCounted() throws Exception {
        write("Ada/us-navy.jpg", PHOTO);
        write("Ada/._us-navy.jpg", new byte[] {0, 5, 0x16, 7});
        write("Ada/.DS_Store", PHOTO);
        write("Ada/Thumbs.db", new byte[] {1});
        write("Ada/desktop.ini", new byte[] {'['});
        write("Ada/us-navy.xmp", "<x:xmpmeta/>".getBytes());
        write("Ada/us-navy.jpg.json", "{}".getBytes());
        write("Ada/@eaDir/us-navy.jpg", PHOTO);
        write(".git/objects/x.jpg", PHOTO);
        write("__MACOSX/Ada/us-navy.jpg", PHOTO);
        write("notes.txt", "notes".getBytes());

        LabelledPhotos found = LabelledPhotos.of(folder);

        assertThat(found.photos()).containsExactly(new Photo("Ada", folder.resolve("Ada/us-navy.jpg")));
        assertThat(found.faults()).isEmpty();
        assertThat(found.notices())
                .singleElement()
                .asString()
                .startsWith("left out, hidden or not pictures: 10 files and folders (");
    }

    @Test
    void whatNobodyWouldLookForElsewhereIsNamed() throws Exception {
        write("Ada/1.jpg", PHOTO);
        write("Ada/2023/nested.jpg", PHOTO);
        write("Bob/2023/12/deeper.jpg", PHOTO);
        write("loose.jpg", PHOTO);
        Files.createDirectory(folder.resolve("Empty_Person"));

        LabelledPhotos found = LabelledPhotos.of(folder);

        assertThat(found.photos()).hasSize(1);
        assertThat(found.notices())
                .containsExactly(
                        "left out, not in a person's folder: photos, 1 (" + folder.resolve("loose.jpg")
                                + "); move them to a folder of the person's name",
                        "left out, in a folder of a folder: photos, 1 (" + folder.resolve("Ada/2023")
                                + "); move them to the person's folder itself",
                        "left out, in a folder of a folder: photos, 1 (" + folder.resolve("Bob/2023")
                                + "); move them to the person's folder itself",
                        folder.resolve("Empty_Person") + " has no photos");
    }

    @Test
    void aPhotoIsKnownByItsContentAndAFileByTheNameOfAPhotoIsNotPassedOverInSilence() throws Exception {
        write("Ada/IMG_0001", PHOTO);
        write("Ada/broken.jpg", "no picture".getBytes());
        write("Ada/clip.mov", "....ftypqt  ".getBytes());

        assertThat(LabelledPhotos.of(folder).photos())
                .extracting(photo -> photo.file().getFileName().toString())
                .containsExactly("IMG_0001", "broken.jpg");
    }

    @Test
    void oneNameHasOneFormHoweverItsFolderIsWritten() throws Exception {
        write("Zo\u00e9 M\u00fcller/1.jpg", PHOTO);
        write("Zoe\u0301 Mu\u0308ller/2.jpg", PHOTO);
        write("Zo\u00e9\u00a0M\u00fcller/3.jpg", PHOTO);
        write("zo\u00e9 m\u00fcller/4.jpg", PHOTO);
        write("Zo\u00e9 M\u00fcller\u200b/5.jpg", PHOTO);

        LabelledPhotos found = LabelledPhotos.of(folder);

        assertThat(found.photos())
                .extracting(Photo::name)
                .containsOnly("Zo\u00e9 M\u00fcller", "zo\u00e9 m\u00fcller")
                .hasSize(4);
        assertThat(found.notices())
                .containsExactly("names that differ by case or width only are different people:"
                        + " Zo\u00e9 M\u00fcller, zo\u00e9 m\u00fcller");
        assertThat(found.faults())
                .singleElement()
                .asString()
                .contains("does not name a person: U+200B ZERO WIDTH SPACE");
    }

    @Test
    void linksThatLeadNowhereOrBackAreALineEachAndTheOthersAreRead() throws Exception {
        write("Ada/1.jpg", PHOTO);
        Files.createSymbolicLink(folder.resolve("Ada/gone.jpg"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("Ada/loop.jpg"), Path.of("loop.jpg"));
        Files.createSymbolicLink(folder.resolve("Ada/up"), Path.of(".."));

        LabelledPhotos found = LabelledPhotos.of(folder);

        assertThat(found.photos()).hasSize(1);
        assertThat(found.faults())
                .containsExactly(
                        folder.resolve("Ada/gone.jpg") + " is a broken link",
                        folder.resolve("Ada/loop.jpg") + " is a broken link");
    }

    /** The memory of a process is a file that may be opened and not be read. */
    @Test
    void aFileThatCannotBeReadIsLeftForItsOwnLine() throws Exception {
        write("Ada/1.jpg", PHOTO);
        Files.createSymbolicLink(folder.resolve("Ada/2"), Path.of("/proc/self/mem"));

        assertThat(LabelledPhotos.of(folder).photos()).hasSize(2);
        assertThatIOException()
                .isThrownBy(() -> LabelledPhotos.of(folder).photos().get(1).bytes());
    }

    @Test
    void aFolderWithoutPhotosSaysWhatItHasInstead() throws Exception {
        write("loose.jpg", PHOTO);

        assertThatIOException()
                .isThrownBy(() -> LabelledPhotos.of(folder))
                .withMessageStartingWith(
                        "no photos in " + folder + ": expected " + folder + "/NAME/photo.jpg (left out");
    }

    private void write(String file, byte[] content) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, content);
    }
}
