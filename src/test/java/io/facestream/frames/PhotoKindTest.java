package io.facestream.frames;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhotoKindTest {
    @ParameterizedTest
    @CsvSource({
        "\u00ff\u00d8\u00ff\u00e1, JPEG",
        "RIFF....WEBPVP8 , WEBP",
        "....ftypheic...., HEIC",
        "....ftypmif1...., HEIC",
        "....ftypavif...., AVIF",
        "....ftypcrx ...., CR3",
        "GIF89a.........., GIF",
        "....ftypqt  ...., NO_PICTURE",
        "....ftypisom...., NO_PICTURE",
        "RIFF....AVI LIST, NO_PICTURE",
        "BMW is a car...., NO_PICTURE",
        "<?xpacket begin=, NO_PICTURE",
        "{\"title\":\"x.jpg\"}, NO_PICTURE"
    })
    void aFileIsWhatItsFirstBytesSay(String start, PhotoKind kind) {
        assertThat(PhotoKind.of(start.getBytes(ISO_8859_1))).isEqualTo(kind);
    }

    @Test
    void binaryStartsAreTold() {
        assertThat(PhotoKind.of("\u0089PNG\r\n\u001a\n".getBytes(ISO_8859_1))).isEqualTo(PhotoKind.PNG);
        assertThat(PhotoKind.of(new byte[] {(byte) 0xff, 10, 0, 0})).isEqualTo(PhotoKind.JPEG_XL);
        assertThat(PhotoKind.of(new byte[] {'I', 'I', '*', 0, 8, 0, 0, 0})).isEqualTo(PhotoKind.TIFF);
        assertThat(PhotoKind.of(new byte[] {'M', 'M', 0, '*', 0, 0, 0, 8})).isEqualTo(PhotoKind.TIFF);
        assertThat(PhotoKind.of(new byte[] {'B', 'M', 54, 0, 0, 0, 0, 0, 0, 0, 54, 0}))
                .isEqualTo(PhotoKind.BMP);
        // What macOS leaves beside a photo on other file systems: AppleDouble.
        assertThat(PhotoKind.of(new byte[] {0, 5, 0x16, 7, 0, 2, 0, 0})).isEqualTo(PhotoKind.NO_PICTURE);
        assertThat(PhotoKind.of(new byte[0])).isEqualTo(PhotoKind.NO_PICTURE);
        assertThat(PhotoKind.of(new byte[] {(byte) 0xff, (byte) 0xd8})).isEqualTo(PhotoKind.NO_PICTURE);
    }
}
