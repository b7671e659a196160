package io.facestream.web.page;

import io.facestream.web.WebApi;
import io.facestream.web.users.WebSession;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** Somebody with a browser of their own, of which tests need the cookies and redirects only. */
public final class Visitor {
    private final URI home;
    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient following = client(HttpClient.Redirect.NORMAL);
    private final HttpClient staying = client(HttpClient.Redirect.NEVER);

    Visitor() {
        this(URI.create("http://127.0.0.1:" + new WebApi().port()));
    }

    /** @param home where the page is */
    public Visitor(URI home) {
        this.home = home;
    }

    private HttpClient client(HttpClient.Redirect redirects) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(cookies)
                .followRedirects(redirects)
                .build();
    }

    /** Loads a path or an address, and whatever it leads to. */
    public HttpResponse<String> open(String path) throws IOException, InterruptedException {
        return following.send(HttpRequest.newBuilder(home.resolve(path)).build(), BodyHandlers.ofString());
    }

    /** Where an address leads. */
    public HttpResponse<String> stepTo(String url) throws IOException, InterruptedException {
        return staying.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return staying.send(request, BodyHandlers.ofString());
    }

    /** The values of cookies whose names begin so. */
    List<String> cookies(String prefix) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().startsWith(prefix))
                .map(HttpCookie::getValue)
                .toList();
    }

    public boolean isSignedIn() throws IOException, InterruptedException {
        return isSignedInAt(home);
    }

    /** The same at another address of that host, which has the same cookies. */
    public boolean isSignedInAt(URI other) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(other.resolve("/people")).build()).statusCode() == 200;
    }

    public HttpResponse<String> signOut() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(home.resolve("/sign-in/out"))
                .header("Sec-Fetch-Site", "same-origin")
                .header(
                        PageGuard.FORM_TOKEN,
                        WebSession.formToken(cookies(WebSession.cookie("http")).get(0)))
                .POST(BodyPublishers.noBody())
                .build());
    }
}
