package io.facestream.web.page;

import io.facestream.messaging.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;

/** Scripts and styles, which Quarkus serves from the jar. */
final class Assets {
    private static final String FOLDER = "/META-INF/resources/page/";
    private static final int CHARACTERS = 12;

    /** Changes with their content. */
    static final String VERSION = version(List.of("page.css", "page.js", "live.js", "visits.js", "map.js"));

    private Assets() {}

    private static String version(List<String> names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            try (InputStream in = Assets.class.getResourceAsStream(FOLDER + name)) {
                in.transferTo(all);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return HexFormat.of().formatHex(Sha256.of(all.toByteArray())).substring(0, CHARACTERS);
    }
}
