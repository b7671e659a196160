package io.facestream.web.oidc;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The provider of OpenID Connect that people and programs sign in by. */
@ConfigMapping(prefix = "facestream.web.oidc")
public interface OidcConfig {
    /** Its address, as its tokens have it in {@code iss}; without it there is no such sign-in. */
    Optional<String> issuer();

    /** What the provider calls this installation. */
    @WithDefault("facestream")
    String clientId();

    /**
     * The file that holds the client's secret, the same for each replica: the cookies of a sign-in are encrypted with
     * what is derived from it.
     */
    Optional<Path> secretFile();

    /** What {@code aud} of an access token for the REST API has to contain; without it the API takes keys only. */
    Optional<String> audience();

    /** The claim with the roles or groups of the user, such as {@code realm_access/roles}. */
    @WithDefault("roles")
    String roleClaim();

    /** Values of that claim that make a viewer. Nobody whose claim has a value of none of the three lists gets in. */
    Optional<List<String>> viewers();

    /** The same for operators. */
    Optional<List<String>> operators();

    /** The same for administrators. */
    Optional<List<String>> admins();

    /** The claim with the name that the page shows. */
    @WithDefault("preferred_username")
    String nameClaim();

    /** What is asked for beside {@code openid}; some providers tell groups by a scope of their own. */
    @WithDefault("profile")
    List<String> scopes();

    /** What the page calls the provider. */
    @WithDefault("OpenID Connect")
    @Size(min = 1, max = 50)
    String label();
}
