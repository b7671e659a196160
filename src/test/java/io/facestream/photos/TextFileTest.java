package io.facestream.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\r\nb\r\n", "a\rb", "\uFEFFa\nb\n"})
    void linesEndInAnyWayAndAByteOrderMarkIsNoPartOfThem(String text) throws Exception {
        assertThat(TextFile.lines(Files.writeString(folder.resolve("list"), text)))
                .containsExactly("a", "b");
    }

    @Test
    void namesAreComposed() throws Exception {
        assertThat(TextFile.lines(Files.writeString(folder.resolve("list"), "Bjo\u0308rn")))
                .containsExactly("Bj\u00f6rn");
    }

    @Test
    void anEmptyFileHasNoLines() throws Exception {
        assertThat(TextFile.lines(Files.createFile(folder.resolve("list")))).isEmpty();
    }

    @Test
    void aFileOfAnotherEncodingIsToldWithTheLine() throws Exception {
        Path file = write("Ada\nBj\u00f6rn\n", StandardCharsets.ISO_8859_1);

        assertThatIOException()
                .isThrownBy(() -> TextFile.lines(file))
                .withMessage(file + " line 2 is not UTF-8: save the file as UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-UTF-16LE-BOM", "UTF-16"})
    void aUtf16FileIsTold(String charset) throws Exception {
        Path file = write("Ada\n", Charset.forName(charset));

        assertThatIOException()
                .isThrownBy(() -> TextFile.lines(file))
                .withMessage(file + " is UTF-16: save it as UTF-8");
    }

    @Test
    void whatIsCutOffInTheMiddleOfACharacterIsNotUtf8() throws Exception {
        Path file = Files.write(folder.resolve("list"), new byte[] {'A', (byte) 0xc3});

        assertThatIOException().isThrownBy(() -> TextFile.lines(file)).withMessageContaining("line 1 is not UTF-8");
    }

    @Test
    void aFolderIsNoList() {
        assertThatIOException()
                .isThrownBy(() -> TextFile.lines(folder))
                .withMessage(folder + " is a folder, not a text file");
    }

    private Path write(String text, Charset charset) throws IOException {
        return Files.write(folder.resolve("list"), text.getBytes(charset));
    }
}
