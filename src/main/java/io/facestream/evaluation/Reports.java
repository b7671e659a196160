package io.facestream.evaluation;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;

/** Reports as JSON, for people and programs: indented, and with the figures that are null. */
public final class Reports {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Reports() {}

    public static void write(Path file, Object report) throws IOException {
        MAPPER.writeValue(file.toFile(), report);
    }
}
