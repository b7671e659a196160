package io.facestream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** The published schemas, as they lie in {@code schemas/}. */
final class Schemas {
    static final Path FOLDER = Path.of("schemas").toAbsolutePath();
    static final String IDS = "https://facestream.io/schemas/";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaMappers(mappers -> mappers.mapPrefix(IDS, FOLDER.toUri() + "/")));
    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private Schemas() {}

    static JsonSchema of(String file) {
        JsonSchema schema = FACTORY.getSchema(SchemaLocation.of(IDS + file), CONFIG);
        schema.initializeValidators();
        return schema;
    }

    /** How a message breaks the schema, in words; empty if it is valid. */
    static List<String> violations(String file, byte[] json) {
        try {
            return violations(file, MAPPER.readTree(json));
        } catch (IOException e) {
            return List.of("no JSON: " + e.getMessage() + " in " + new String(json, StandardCharsets.UTF_8));
        }
    }

    /** The same for a schema that is part of one, and refers to no other. */
    static List<String> violations(JsonNode schema, JsonNode message) {
        Collection<ValidationMessage> found = FACTORY.getSchema(schema, CONFIG).validate(message);
        return found.stream().map(ValidationMessage::toString).toList();
    }

    static List<String> violations(String file, JsonNode message) {
        Collection<ValidationMessage> found = of(file).validate(message);
        return found.stream().map(violation -> violation + " in " + message).toList();
    }
}
