package io.facestream.web.cameras;

import java.nio.charset.StandardCharsets;

/**
 * A frame of a camera, as it came.
 *
 * @param camera that sent it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CameraPicture(String camera, byte[] image) {
    /** What a browser takes it for, by its first bytes; null if it is no picture. */
    public static String type(byte[] image) {
        String start = new String(image, 0, Math.min(12, image.length), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return "image/jpeg";
        }
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return "image/png";
        }
        return start.startsWith("RIFF") && start.endsWith("WEBP") ? "image/webp" : null;
    }

    String type() {
        return type(image);
    }
}
