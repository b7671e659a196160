package io.facestream.evaluation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Reports as JSON, for people and programs. They are indented, and an undefined figure is null. */
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

    /** Writes a report atomically. */
    public static void write(Path file, Object report, EvaluationRun run) throws IOException {
        write(file, report, Map.of(), run);
    }

    /**
     * Writes a report atomically.
     *
     * @param report a record, whose fields come first; {@code undecodable}, a number, and {@code run} are added
     * @param sections further fields, by name
     */
    public static void write(Path file, Object report, Map<String, ?> sections, EvaluationRun run) throws IOException {
        ObjectNode json = MAPPER.valueToTree(report);
        sections.forEach((name, section) -> json.set(name, MAPPER.valueToTree(section)));
        json.put("undecodable", run.data().undecodable().size());
        json.set("run", MAPPER.valueToTree(run));
        byte[] bytes = MAPPER.writeValueAsBytes(json);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A pipe or a terminal is written to, not replaced.
            Files.write(file, bytes);
            return;
        }
        Path target = Files.exists(file) ? file.toRealPath() : file;
        Path draft = target.resolveSibling(target.getFileName() + ".part");
        Files.write(draft, bytes);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
