package io.facestream.web.compreface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.web.Multipart;
import io.facestream.web.ProblemException;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The pictures of a request, by the names of their parts: of a form, or of a JSON object in base64. */
record Pictures(Map<String, byte[]> parts) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws ProblemException if the body is neither */
    static Pictures of(String contentType, byte[] body) {
        return new Pictures(Multipart.is(contentType) ? Multipart.parts(contentType, body) : ofJson(body));
    }

    private static Map<String, byte[]> ofJson(byte[] body) {
        Map<String, byte[]> parts = new HashMap<>();
        try {
            for (Map.Entry<String, JsonNode> field : JSON.readTree(body).properties()) {
                if (field.getValue().isTextual()) {
                    parts.put(
                            field.getKey(),
                            Base64.getDecoder().decode(field.getValue().textValue()));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ProblemException("bad-json", "The body is no JSON object of base64 texts", 400, null);
        }
        return parts;
    }

    /** @throws ProblemException if it is missing */
    byte[] require(String name) {
        byte[] picture = parts.get(name);
        if (picture == null) {
            throw new ProblemException("no-picture", "Required request part '" + name + "' is missing", 400, null);
        }
        return picture;
    }
}
