package io.facestream.web.compreface;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.facestream.identities.Matcher;
import io.facestream.models.ModelVersion;
import io.facestream.web.identify.Identifier;
import io.facestream.web.identify.Recogniser;
import io.facestream.web.identify.Seen;
import io.facestream.web.identify.SeenFace;
import io.facestream.web.keys.ApiKey;
import io.facestream.web.keys.Roles;
import io.facestream.web.people.Faces;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What programs for CompreFace ask. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "CompreFace", description = "For programs that were written for CompreFace")
public class ComprefaceResource {
    private static final String RECOGNISE = "/recognition/recognize";

    /** The rate of false matches that a verification allows. */
    private static final double VERIFICATION_FMR = 1e-3;

    private final Recogniser recogniser;
    private final Identifier identifier;
    private final Faces faces;
    private final SecurityIdentity caller;

    ComprefaceResource(Recogniser recogniser, Identifier identifier, Faces faces, SecurityIdentity caller) {
        this.recogniser = recogniser;
        this.identifier = identifier;
        this.faces = faces;
        this.caller = caller;
    }

    /** Faces, the largest first. */
    record FoundFaces(List<ComprefaceFace> result) {}

    /** Comparisons of one face with those of another picture; always one. */
    record Verifications(List<Verification> result) {}

    /** @param matches of the target picture, most similar first */
    record Verification(
            @JsonProperty("source_image_face") ComprefaceFace source,
            @JsonProperty("face_matches") List<ComprefaceFace> matches) {}

    @POST
    @Path(RECOGNISE)
    @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
    @RolesAllowed(Roles.OPERATOR)
    @Operation(operationId = "comprefaceRecognise", summary = "Says who is in a picture")
    public CompletionStage<FoundFaces> recognise(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @BeanParam ChoiceParameters wanted,
            byte[] body) {
        Choice choice = wanted.choice();
        byte[] picture = Pictures.of(contentType, body).require("file");
        ApiKey key = ApiKey.of(caller);
        return recogniser.submit(eyes -> choice.from(eyes.see(picture)), seen -> {
            List<Matcher.Match> matches = identifier.identify(seen, key, "/api/v1" + RECOGNISE);
            return new FoundFaces(IntStream.range(0, matches.size())
                    .mapToObj(i -> ComprefaceFace.recognised(seen.faces().get(i), matches.get(i), choice))
                    .toList());
        });
    }

    @POST
    @Path("/detection/detect")
    @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
    @RolesAllowed(Roles.VIEWER)
    @Operation(operationId = "comprefaceDetect", summary = "Finds the faces of a picture")
    public CompletionStage<FoundFaces> detect(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @BeanParam ChoiceParameters wanted,
            byte[] body) {
        Choice choice = wanted.choice();
        byte[] picture = Pictures.of(contentType, body).require("file");
        return recogniser.submit(eyes -> new FoundFaces(choice.from(eyes.see(picture)).faces().stream()
                .map(face -> ComprefaceFace.detected(face, choice))
                .toList()));
    }

    @POST
    @Path("/verification/verify")
    @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
    @RolesAllowed(Roles.VIEWER)
    @Operation(operationId = "comprefaceVerify", summary = "Compares the faces of two pictures")
    public CompletionStage<Verifications> verify(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @BeanParam ChoiceParameters wanted,
            byte[] body) {
        Choice choice = wanted.choice();
        Pictures pictures = Pictures.of(contentType, body);
        byte[] sourcePicture = pictures.require("source_image");
        byte[] targetPicture = pictures.require("target_image");
        return recogniser.submit(eyes -> {
            List<Seen> both = eyes.seeBoth(sourcePicture, targetPicture);
            SeenFace source = choice.from(both.get(0)).faces().get(0);
            Seen target = choice.from(both.get(1));
            float threshold = verificationThreshold(target.version());
            return new Verifications(List.of(new Verification(
                    ComprefaceFace.detected(source, choice),
                    target.faces().stream()
                            .map(face -> ComprefaceFace.verified(
                                    face, (float) face.embedding().distance(source.embedding()), threshold, choice))
                            .sorted(Comparator.comparing(ComprefaceFace::distance))
                            .toList())));
        });
    }

    @POST
    @Path("/recognition/faces/{image}/verify")
    @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
    @RolesAllowed(Roles.OPERATOR)
    @Operation(operationId = "comprefaceVerifyPhoto", summary = "Compares the faces of a picture with that of a photo")
    public CompletionStage<FoundFaces> verifyPhoto(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @PathParam("image") UUID image,
            @BeanParam ChoiceParameters wanted,
            byte[] body) {
        Choice choice = wanted.choice();
        byte[] picture = Pictures.of(contentType, body).require("file");
        ApiKey key = ApiKey.of(caller);
        return recogniser.submit(eyes -> choice.from(eyes.see(picture)), seen -> {
            List<Float> distances = faces.distances(key, seen, image);
            float threshold = verificationThreshold(seen.version());
            return new FoundFaces(IntStream.range(0, distances.size())
                    .mapToObj(i -> ComprefaceFace.verified(seen.faces().get(i), distances.get(i), threshold, choice))
                    .toList());
        });
    }

    private static float verificationThreshold(ModelVersion version) {
        return version.calibration().falseMatchRates().isEmpty()
                ? version.threshold()
                : (float) version.calibration().distance(VERIFICATION_FMR);
    }
}
