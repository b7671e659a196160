package io.facestream.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.frames.TestPictures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a refused upload's connection. */
@QuarkusTest
@Tag("own-process")
@TestProfile(WebApi.Alone.class)
class UploadGuardTest {
    private static final String IDENTIFY = "/api/v1/identify";
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");

    private final WebApi api = new WebApi();

    @Test
    void onOneConnectionOfHttp2ARefusedUploadEndsNoOtherRequest() throws Exception {
        String key = api.key("operator");
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest.Builder identify = api.to(IDENTIFY).header("x-api-key", key).header("Content-Type", "image/jpeg");
        // The first request, in clear text, is one of HTTP/1.1 that asks for HTTP/2.
        http.send(api.to("/api/v1/models").header("x-api-key", key).build(), BodyHandlers.discarding());

        CompletableFuture<HttpResponse<Void>> large = http.sendAsync(
                identify.POST(BodyPublishers.ofByteArray(new byte[25 << 20])).build(), BodyHandlers.discarding());
        HttpResponse<Void> small =
                http.send(identify.POST(BodyPublishers.ofByteArray(GRACE)).build(), BodyHandlers.discarding());

        assertThat(small.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(small.statusCode()).isEqualTo(200);
        assertThat(large.get().statusCode()).isEqualTo(413);
    }
}
