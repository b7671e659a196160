package io.facestream.web.compreface;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.facestream.identities.Matcher;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelVersion;
import io.facestream.web.identify.Identifier;
import io.facestream.web.identify.Recogniser;
import io.facestream.web.identify.Seen;
import io.facestream.web.identify.SeenFace;
import io.facestream.web.keys.ApiKey;
import io.facestream.web.keys.Roles;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

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
    private final People people;
    private final SecurityIdentity caller;

    ComprefaceResource(Recogniser recogniser, Identifier identifier, People people, SecurityIdentity caller) {
        this.recogniser = recogniser;
        this.identifier = identifier;
        this.people = people;
        this.caller = caller;
    }

    /** Faces, the largest first. */
    record Faces(List<ComprefaceFace> result) {}

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
    public CompletionStage<Faces> recognise(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @QueryParam("limit") @DefaultValue("0") int limit,
            @QueryParam("det_prob_threshold") @DefaultValue("0") double leastConfidence,
            @QueryParam("prediction_count") @DefaultValue("1") int predictions,
            @QueryParam("face_plugins") @DefaultValue("") String plugins,
            byte[] body) {
        Choice choice = Choice.of(limit, leastConfidence, predictions, plugins);
        byte[] picture = Pictures.of(contentType, body).require("file");
        ApiKey key = ApiKey.of(caller);
        return recogniser.submit(eyes -> choice.from(eyes.see(picture)), seen -> {
            List<Matcher.Match> matches = identifier.identify(seen, key, "/api/v1" + RECOGNISE);
            return new Faces(IntStream.range(0, matches.size())
                    .mapToObj(i -> ComprefaceFace.recognised(seen.faces().get(i), matches.get(i), choice))
                    .toList());
        });
    }

    @POST
    @Path("/detection/detect")
    @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
    @RolesAllowed(Roles.VIEWER)
    public CompletionStage<Faces> detect(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @QueryParam("limit") @DefaultValue("0") int limit,
            @QueryParam("det_prob_threshold") @DefaultValue("0") double leastConfidence,
            @QueryParam("face_plugins") @DefaultValue("") String plugins,
            byte[] body) {
        Choice choice = Choice.of(limit, leastConfidence, 1, plugins);
        byte[] picture = Pictures.of(contentType, body).require("file");
        return recogniser.submit(eyes -> new Faces(choice.from(eyes.see(picture)).faces().stream()
                .map(face -> ComprefaceFace.detected(face, choice))
                .toList()));
    }

    @POST
    @Path("/verification/verify")
    @Consumes({MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON})
    @RolesAllowed(Roles.VIEWER)
    public CompletionStage<Verifications> verify(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @QueryParam("limit") @DefaultValue("0") int limit,
            @QueryParam("det_prob_threshold") @DefaultValue("0") double leastConfidence,
            @QueryParam("face_plugins") @DefaultValue("") String plugins,
            byte[] body) {
        Choice choice = Choice.of(limit, leastConfidence, 1, plugins);
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
                            .map(face -> ComprefaceFace.verified(face, source, threshold, choice))
                            .sorted(Comparator.comparing(ComprefaceFace::distance))
                            .toList())));
        });
    }

    private static float verificationThreshold(ModelVersion version) {
        return version.calibration().falseMatchRates().isEmpty()
                ? version.threshold()
                : (float) version.calibration().distance(VERIFICATION_FMR);
    }

    @GET
    @Path("/recognition/subjects")
    @RolesAllowed(Roles.VIEWER)
    public People.Subjects subjects() throws SQLException {
        return people.subjects();
    }

    @GET
    @Path("/recognition/faces")
    @RolesAllowed(Roles.VIEWER)
    public People.Photos faces(
            @QueryParam("page") @DefaultValue("0") int page,
            @QueryParam("size") @DefaultValue("20") int size,
            @QueryParam("subject") String subject)
            throws SQLException {
        return people.photos(page, size, subject);
    }

    @ServerExceptionMapper({
        RuntimeException.class,
        RejectedException.class,
        SQLException.class,
        WebApplicationException.class,
        AuthenticationFailedException.class,
        UnauthorizedException.class,
        ForbiddenException.class
    })
    Response answer(Throwable failure) {
        return ComprefaceError.of(failure);
    }
}
