package io.facestream.evaluation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Path;

/** Reports as JSON, for people and programs: indented, and a figure that is not defined is null. */
public final class Reports {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .addModule(new SimpleModule()
                    .addSerializer(new FiniteOrNull<>(Double.class))
                    .addSerializer(double.class, new FiniteOrNull<>(Double.class))
                    .addSerializer(new FiniteOrNull<>(Float.class))
                    .addSerializer(float.class, new FiniteOrNull<>(Float.class)))
            .build();

    private Reports() {}

    public static void write(Path file, Object report) throws IOException {
        MAPPER.writeValue(file.toFile(), report);
    }

    private static final class FiniteOrNull<T extends Number> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        FiniteOrNull(Class<T> type) {
            super(type);
        }

        @Override
        public void serialize(T figure, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (!Double.isFinite(figure.doubleValue())) {
                json.writeNull();
            } else if (figure instanceof Float single) {
                json.writeNumber(single);
            } else {
                json.writeNumber(figure.doubleValue());
            }
        }
    }
}
