package io.facestream.web.page;

import io.facestream.web.users.WebSession;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds out who sent a request, in which language and time zone to answer. */
@RequestScoped
public class Readers {
    private static final String ZONE = "facestream_zone";
    private static final int LONGEST_ZONE = 64;
    /** Not {@code ZoneOffset.UTC}: its id is Z, and forms show the id. */
    private static final ZoneId UTC = ZoneId.of("UTC");

    private static final int LONGEST_HEADER = 1_000;
    private static final List<Locale> LOCALES = List.of(Locale.ENGLISH, Locale.GERMAN);

    private final HttpHeaders headers;
    private final UriInfo uri;
    private final SecurityIdentity caller;

    Readers(HttpHeaders headers, UriInfo uri, SecurityIdentity caller) {
        this.headers = headers;
        this.uri = uri;
        this.caller = caller;
    }

    /** Somebody who is signed in. */
    public Reader signedIn() {
        WebSession session = WebSession.of(caller);
        return reader(
                session.shown(),
                caller.getRoles(),
                WebSession.formToken(headers.getCookies()
                        .get(WebSession.cookie(uri.getBaseUri().getScheme()))
                        .getValue()));
    }

    /** Somebody of whom nothing is known yet. */
    Reader anybody() {
        return reader(null, Set.of(), null);
    }

    private Reader reader(String name, Set<String> roles, String formToken) {
        List<Locale.LanguageRange> wanted = wanted();
        Locale found = Locale.lookup(wanted, LOCALES);
        Locale locale = found == null ? Locale.ENGLISH : found;
        Locale habits = wanted.stream()
                .map(range -> Locale.forLanguageTag(range.getRange()))
                .filter(own -> own.getLanguage().equals(locale.getLanguage()))
                .findFirst()
                .orElse(locale);
        return new Reader(locale, habits, zone(), name, List.copyOf(roles), formToken);
    }

    private List<Locale.LanguageRange> wanted() {
        String header = headers.getHeaderString(HttpHeaders.ACCEPT_LANGUAGE);
        try {
            return header == null || header.length() > LONGEST_HEADER ? List.of() : Locale.LanguageRange.parse(header);
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** As the page's script says by a cookie; UTC until it has. */
    private ZoneId zone() {
        Map<String, Cookie> cookies = headers.getCookies();
        Cookie said = cookies.get(ZONE);
        if (said == null || said.getValue().length() > LONGEST_ZONE) {
            return UTC;
        }
        try {
            return ZoneId.of(said.getValue().replace("%2F", "/"));
        } catch (DateTimeException e) {
            return UTC;
        }
    }
}
