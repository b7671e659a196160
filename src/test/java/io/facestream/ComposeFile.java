package io.facestream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.Yaml;

/**
 * The compose file as compose reads it: YAML's merges done, and one dollar made of two.
 *
 * @param tree all of it
 */
public record ComposeFile(JsonNode tree) {
    public static ComposeFile read() throws IOException {
        Object tree = new Yaml().load(Files.readString(Path.of("docker-compose.yml")));
        return new ComposeFile(new ObjectMapper().valueToTree(tree));
    }

    /** The names of its services. */
    List<String> services() {
        List<String> names = new ArrayList<>();
        tree.get("services").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Those that run an image of ours. */
    List<String> ownServices() {
        return services().stream()
                .filter(name -> service(name).path("image").asText().startsWith("facestream:"))
                .toList();
    }

    JsonNode service(String name) {
        return tree.get("services").get(name);
    }

    List<String> command(String service) {
        return strings("/services/" + service + "/command");
    }

    /** Without its first word, which says that the rest is a command. */
    public List<String> healthcheck(String service) {
        List<String> test = strings("/services/" + service + "/healthcheck/test");
        return test.subList(1, test.size());
    }

    public Map<String, String> environment(String service) {
        Map<String, String> environment = new TreeMap<>();
        service(service)
                .path("environment")
                .fields()
                .forEachRemaining(variable -> environment.put(
                        variable.getKey(), variable.getValue().asText().replace("$$", "$")));
        return environment;
    }

    /** Of an array, by its JSON Pointer. */
    List<String> strings(String pointer) {
        List<String> strings = new ArrayList<>();
        tree.at(pointer).forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
