package io.facestream.photos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;

/** A user's list of names, pairs or boxes, as any editor saves it. */
public final class TextFile {
    /** A million pairs are 40 MB. */
    static final int MAX_BYTES = 64 << 20;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private TextFile() {}

    /**
     * Its lines, whatever their line ends, in Unicode's composed form (NFC), without a byte order mark.
     *
     * @throws IOException if it does not exist, is not UTF-8, or is larger than {@value #MAX_BYTES} bytes
     */
    public static List<String> lines(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder, not a text file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file + " is larger than the " + MAX_BYTES + " bytes that are read");
        }
        String text = decode(file, bytes);
        String withoutMark = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        return normalised(withoutMark).lines().toList();
    }

    /** The composed form, in which names are compared: file systems may use either form. */
    public static String normalised(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static String decode(Path file, byte[] bytes) throws IOException {
        if (bytes.length > 1 && (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff))) {
            throw new IOException(file + " is UTF-16: save it as UTF-8");
        }
        CharBuffer text = CharBuffer.allocate(bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result =
                UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(in, text, true);
        if (result.isError()) {
            long line = 1 + text.flip().chars().filter(c -> c == '\n').count();
            throw new IOException(file + " line " + line + " is not UTF-8: save the file as UTF-8");
        }
        return text.flip().toString();
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
    }
}
