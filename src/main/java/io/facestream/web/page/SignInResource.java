package io.facestream.web.page;

import io.facestream.web.keys.Roles;
import io.facestream.web.oidc.OidcSignIn;
import io.facestream.web.users.SignIn;
import io.facestream.web.users.WebSession;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.sql.SQLException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The form by which people sign in, and the button by which they sign out. */
@Path("/")
@Blocking
@Produces(Pages.HTML)
public class SignInResource {
    static final String PATH = "/sign-in";

    /** Below {@link #PATH}, as the provider's cookies are. */
    private static final String OUT = "/sign-in/out";

    private static final int TOO_MANY_REQUESTS = 429;

    private final SignIn signIn;
    private final OidcSignIn oidc;
    private final Readers readers;
    private final SecurityIdentity caller;
    private final UriInfo uri;

    SignInResource(SignIn signIn, OidcSignIn oidc, Readers readers, SecurityIdentity caller, UriInfo uri) {
        this.signIn = signIn;
        this.oidc = oidc;
        this.readers = readers;
        this.caller = caller;
        this.uri = uri;
    }

    @GET
    @Path(PATH)
    @PermitAll
    @Operation(hidden = true)
    public Response form(@QueryParam("next") @DefaultValue("/") String next) {
        return form(200, next, null, "");
    }

    @POST
    @Path(PATH)
    @PermitAll
    @Operation(hidden = true)
    public Response signIn(
            @FormParam("name") @DefaultValue("") String name,
            @FormParam("password") @DefaultValue("") String password,
            @FormParam("next") @DefaultValue("/") String next,
            @Context HttpServerRequest request)
            throws SQLException {
        String address = request.remoteAddress().hostAddress();
        SignIn.Outcome outcome = signIn.with(name, password, address == null ? "" : address);
        if (outcome instanceof SignIn.Outcome.SignedIn in) {
            return Pages.redirect(local(next))
                    .cookie(cookie(uri, in.token(), (int) signIn.lasts().toSeconds()))
                    .build();
        }
        return outcome instanceof SignIn.Outcome.TooMany
                ? form(TOO_MANY_REQUESTS, next, "too-many", name)
                : form(401, next, "wrong", name);
    }

    /** Signs in by the provider: leads there, and from what it says back to the page that was wanted. */
    @GET
    @Path(OidcSignIn.PATH)
    @PermitAll
    @NonBlocking
    @Operation(hidden = true)
    public Uni<Response> signInByProvider(
            @QueryParam("next") @DefaultValue("/") String next, @Context RoutingContext context) {
        return oidc.step(context).map(step -> answer(step, next));
    }

    private Response answer(OidcSignIn.Step step, String next) {
        Response.ResponseBuilder answer = step instanceof OidcSignIn.Step.SignedIn in
                ? Pages.redirect(local(next)).cookie(cookie(uri, in.token(), in.seconds()))
                : Pages.redirect(((OidcSignIn.Step.Lead) step).url());
        return answer.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    @POST
    @Path(OUT)
    @RolesAllowed(Roles.VIEWER)
    @Operation(hidden = true)
    public Uni<Response> signOut(@Context RoutingContext context) throws SQLException {
        String token = context.request()
                .getCookie(WebSession.cookie(context.request().scheme()))
                .getValue();
        NewCookie none = cookie(uri, "", 0);
        return signIn.out(WebSession.of(caller))
                .map(renewal -> oidc.signOut(context, token, renewal))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                .map(end -> Pictures.forget(Response.noContent()
                                .header("HX-Redirect", end.orElse(PATH))
                                .cookie(none))
                        .build());
    }

    private Response form(int status, String next, String failure, String name) {
        Reader reader = readers.anybody();
        return Response.status(status)
                .entity(Pages.signin(reader, local(next), failure, oidc.label(), name)
                        .setLocale(reader.locale()))
                .build();
    }

    /** A path of this site, so that nobody is led elsewhere by a link to the form. */
    private static String local(String next) {
        return next.matches("/(?![/\\\\])[\\x21-\\x7e&&[^\\\\]]{0,1000}") ? next : "/";
    }

    private static NewCookie cookie(UriInfo uri, String token, int seconds) {
        String scheme = uri.getBaseUri().getScheme();
        return new NewCookie.Builder(WebSession.cookie(scheme))
                .value(token)
                .path("/")
                .maxAge(seconds)
                .httpOnly(true)
                .secure("https".equals(scheme))
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }
}
