package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.facestream.alerts.target.Alert;
import io.facestream.cameras.CameraDefinition;
import io.facestream.cameras.states.CameraReport;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.embeddings.EmbeddedFace;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.enrolment.EnrolmentReason;
import io.facestream.faces.Face;
import io.facestream.faces.FrameMark;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.facestream.models.ModelRelease;
import io.facestream.sightings.message.Sighting;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The published contract says what the code does. */
class SchemasTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, Class<?>> MESSAGES = Map.ofEntries(
            Map.entry("alert.json", Alert.class),
            Map.entry("camera.json", CameraDefinition.class),
            Map.entry("camera-state.json", CameraReport.class),
            Map.entry("face.json", Face.class),
            Map.entry("frame-mark.json", FrameMark.class),
            Map.entry("face-embedding.json", EmbeddedFace.class),
            Map.entry("identity-event.json", IdentityEvent.class),
            Map.entry("sighting.json", Sighting.class),
            Map.entry("enrolment.json", EnrolmentAnswer.class),
            Map.entry("model-release.json", ModelRelease.class),
            Map.entry("gallery-command.json", GalleryCommand.class),
            Map.entry("gallery-event.json", GalleryEvent.class),
            Map.entry("training-command.json", TrainingCommand.class),
            Map.entry("training-progress.json", TrainingProgress.class));

    @SuppressWarnings("unused") // by name, in @FieldSource
    private static final Set<String> FILES = new TreeSet<>(MESSAGES.keySet());

    private static JsonNode asyncApi;

    @BeforeAll
    static void readAsyncApi() throws IOException {
        asyncApi = new YAMLMapper().readTree(Files.readString(Schemas.FOLDER.resolve("asyncapi.yaml")));
    }

    @Test
    void everyJsonMessageHasItsSchema() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(Schemas.FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".json"))
                            .filter(name -> !name.equals("openapi.json"))) // no message
                    .containsExactlyInAnyOrderElementsOf(MESSAGES.keySet());
        }
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void theExamplesAreAsTheSchemaSays(String file) {
        JsonNode examples = Schemas.of(file).getSchemaNode().get("examples");

        assertThat(examples).isNotEmpty().allSatisfy(example -> assertThat(Schemas.violations(file, example))
                .isEmpty());
    }

    /** Read by the program and written again, nothing of an example is lost and nothing is added. */
    @ParameterizedTest
    @FieldSource("FILES")
    void theExamplesAreMessagesOfTheProgram(String file) throws Exception {
        for (JsonNode example : Schemas.of(file).getSchemaNode().get("examples")) {
            Object message = Json.read(example.toString().getBytes(UTF_8), MESSAGES.get(file));

            assertThat(leaves(JSON.readTree(Json.write(message)))).isEqualTo(leaves(example));
        }
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void whatTheSchemaRequiresIsMissedAndWhatItDoesNotKnowIsIgnored(String file) {
        JsonNode schema = Schemas.of(file).getSchemaNode();
        ObjectNode example = (ObjectNode) schema.get("examples").get(0);

        assertThat(Schemas.violations(file, example.deepCopy().put("fieldOfALaterVersion", 1)))
                .isEmpty();
        assertThat(schema.get("required")).isNotEmpty().allSatisfy(required -> {
            ObjectNode without = example.deepCopy();
            without.remove(required.textValue());
            assertThat(Schemas.violations(file, without)).isNotEmpty();
        });
    }

    /**
     * In Java and Python {@code $} also matches before a line feed that ends the text; in the languages of other
     * validators it does not. Every text of an example that a pattern is for is tried with one more line feed.
     */
    @Test
    void noPatternLetsALineFeedEndAText() throws IOException {
        List<JsonNode> schemas = new ArrayList<>(List.of(asyncApi));
        Set<String> texts =
                new TreeSet<>(Set.of("0", "17", "camera-frames", "alike,unlike", "mobilefacenet-1", "cd".repeat(32)));
        for (String file : FILES) {
            JsonNode schema = Schemas.of(file).getSchemaNode();
            schemas.add(schema);
            leaves(schema.get("examples")).forEach(leaf -> texts.add(leaf.replaceFirst("(?s).* = ", "")));
        }
        List<JsonNode> patterned = schemas.stream()
                .flatMap(schema -> schema.findParents("pattern").stream())
                .filter(node -> node.path("type").asText().equals("string"))
                .toList();

        assertThat(patterned).hasSizeGreaterThan(7).allSatisfy(node -> {
            List<String> fitting = texts.stream()
                    .filter(text -> Schemas.violations(node, new TextNode(text)).isEmpty())
                    .toList();
            assertThat(fitting).isNotEmpty().allSatisfy(text -> {
                assertThat(Schemas.violations(node, new TextNode(text + "\n"))).isNotEmpty();
                assertThat(Schemas.violations(node, new TextNode(text + "\r\n")))
                        .isNotEmpty();
            });
        });
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void everyFieldIsExplained(String file) {
        assertThat(unexplained(Schemas.of(file).getSchemaNode(), file)).isEmpty();
    }

    @Test
    void theAsyncApiListsEveryTopicWithItsLimit() {
        for (Topic topic : Topic.values()) {
            assertThat(asyncApi.get("channels")).anySatisfy(channel -> {
                assertThat(channel.get("address").textValue()).isEqualTo(topic.topicName());
                assertThat(channel.at("/bindings/kafka/topicConfiguration/max.message.bytes")
                                .intValue())
                        .isEqualTo(topic.maxMessageBytes());
            });
        }
        assertThat(asyncApi.get("channels")).hasSameSizeAs(Topic.values());
    }

    @Test
    void theAsyncApiNamesEveryReasonAndHeaderOfARejection() {
        assertThat(texts(asyncApi.at("/components/schemas/rejectReason/enum")))
                .containsExactlyElementsOf(Arrays.stream(RejectReason.values())
                        .map(RejectReason::code)
                        .toList());
        assertThat(asyncApi.at("/components/schemas/rejectReason/description").textValue())
                .contains(Arrays.stream(RejectReason.values())
                        .map(reason -> "- " + reason.code() + ": ")
                        .toList());
        assertThat(asyncApi.at("/components/schemas/rejectedRecordHeaders/properties")
                        .fieldNames())
                .toIterable()
                .containsExactly(
                        RejectedRecords.TOPIC,
                        RejectedRecords.PARTITION,
                        RejectedRecords.OFFSET,
                        RejectedRecords.STAGE,
                        RejectedRecords.REASON,
                        RejectedRecords.MESSAGE,
                        RejectedRecords.SIZE,
                        RejectedRecords.SHA256);
    }

    @Test
    void theEnrolmentSchemaNamesEveryReason() {
        JsonNode reason = Schemas.of("enrolment.json").getSchemaNode().at("/properties/reason");

        assertThat(texts(reason.get("enum")))
                .containsExactlyElementsOf(Arrays.stream(EnrolmentReason.values())
                        .map(EnrolmentReason::code)
                        .toList());
        assertThat(texts(reason.get("enum")))
                .allSatisfy(code ->
                        assertThat(reason.get("description").textValue()).contains(code));
    }

    @Test
    void theAsyncApiNamesTheTypeOfEveryEvent() {
        assertThat(asyncApi.findValues("ce_type").stream()
                        .map(type -> type.path("const").textValue())
                        .filter(type -> type != null))
                .containsExactlyInAnyOrder(
                        CameraDefinition.TYPE,
                        CameraReport.TYPE,
                        Face.DETECTED_TYPE,
                        FrameMark.TYPE,
                        EmbeddedFace.TYPE,
                        IdentityEvent.TYPE,
                        Sighting.TYPE,
                        EnrolmentAnswer.TYPE,
                        GalleryEvent.TYPE,
                        ModelRelease.TYPE,
                        TrainingProgress.TYPE);
    }

    @Test
    void everyReferenceOfTheAsyncApiLeadsSomewhere() {
        List<String> references =
                asyncApi.findValues("$ref").stream().map(JsonNode::textValue).toList();

        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(asyncApi.at(reference.substring(1)).isMissingNode()).isFalse();
            } else {
                assertThat(Schemas.FOLDER.resolve(reference)).exists();
            }
        });
        assertThat(references)
                .containsAll(MESSAGES.keySet().stream()
                        .filter(file -> !file.equals("face.json")) // it travels in a header, as text
                        .filter(file -> !file.equals("alert.json")) // it leaves by HTTP
                        .toList());
    }

    /** Path and value of everything in a message; numbers as floats, which is what the program keeps. */
    private static List<String> leaves(JsonNode node) {
        List<String> leaves = new ArrayList<>();
        collectLeaves("", node, leaves);
        leaves.sort(null);
        return leaves;
    }

    private static void collectLeaves(String path, JsonNode node, List<String> leaves) {
        if (node.isObject()) {
            node.properties().forEach(field -> collectLeaves(path + "/" + field.getKey(), field.getValue(), leaves));
        } else if (node.isArray()) {
            leaves.add(path + " has " + node.size());
            for (int i = 0; i < node.size(); i++) {
                collectLeaves(path + "/" + i, node.get(i), leaves);
            }
        } else {
            leaves.add(path + " = " + (node.isNumber() ? Float.toString(node.floatValue()) : node.asText()));
        }
    }

    /** The properties, here and below, that say nothing of themselves and refer to nothing that does. */
    private static List<String> unexplained(JsonNode schema, String path) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode value = property.getValue();
            String at = path + "/" + property.getKey();
            boolean narrows = path.endsWith("/face") && schema.has("$ref");
            if (value.isObject() && !value.has("description") && !value.has("$ref") && !narrows) {
                found.add(at);
            }
            found.addAll(unexplained(value, at));
        }
        for (Map.Entry<String, JsonNode> definition : schema.path("$defs").properties()) {
            found.addAll(unexplained(definition.getValue(), path + "/" + definition.getKey()));
        }
        if (schema.has("items")) {
            found.addAll(unexplained(schema.get("items"), path + "[]"));
        }
        return found;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }
}
