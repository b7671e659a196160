package io.facestream.alerts.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Text in an HTTP header, as the CloudEvents HTTP protocol binding 1.0.2, section 3.1.3.2, has it. */
final class HeaderText {
    private HeaderText() {}

    /** Percent-encodes what is not printable ASCII, and spaces, quotation marks and percent signs. */
    static String of(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte one : text.getBytes(UTF_8)) {
            char as = (char) (one & 0xff);
            if (as > ' ' && as < 0x7f && as != '"' && as != '%') {
                encoded.append(as);
            } else {
                encoded.append(String.format("%%%02X", (int) as));
            }
        }
        return encoded.toString();
    }
}
