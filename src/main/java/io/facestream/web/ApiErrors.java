package io.facestream.web;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Says of each operation of the OpenAPI document in which form it fails. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public final class ApiErrors implements OASFilter {
    private static final String COMPREFACE = "CompreFace";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getPaths().getPathItems().values().forEach(path -> path.getOperations()
                .values()
                .forEach(ApiErrors::addFailure));
    }

    private static void addFailure(Operation operation) {
        boolean isCompreFace =
                operation.getTags() != null && operation.getTags().contains(COMPREFACE);
        Schema schema = isCompreFace
                ? OASFactory.createSchema()
                        .type(List.of(Schema.SchemaType.OBJECT))
                        .addProperty("message", OASFactory.createSchema().type(List.of(Schema.SchemaType.STRING)))
                        .addProperty("code", OASFactory.createSchema().type(List.of(Schema.SchemaType.INTEGER)))
                : OASFactory.createSchema().ref("Problem");
        APIResponse failure = OASFactory.createAPIResponse()
                .description("It failed; after 429 and 503, Retry-After says when to come again")
                .content(OASFactory.createContent()
                        .addMediaType(
                                isCompreFace ? "application/json" : Problem.MEDIA_TYPE,
                                OASFactory.createMediaType().schema(schema)));
        operation.getResponses().addAPIResponse("default", failure);
    }
}
