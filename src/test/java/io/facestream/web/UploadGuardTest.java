package io.facestream.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.frames.TestPictures;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a refused upload's connection. */
@QuarkusTest
@Tag("own-process")
@TestProfile(UploadGuardTest.Impatient.class)
class UploadGuardTest {
    public static final class Impatient extends WebApi.Alone {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("facestream.web.upload-timeout", "PT5S");
        }
    }

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

    @Test
    void anUploadThatWasAnsweredAsTooSlowIsNotProcessedWhenItEnds() throws Exception {
        String key = api.key("operator");
        Vertx vertx = Vertx.vertx();
        io.vertx.core.http.HttpClient http = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        HttpClientRequest slow = await(http.request(HttpMethod.POST, api.port(), "127.0.0.1", IDENTIFY));
        slow.putHeader("x-api-key", key).putHeader("Content-Type", "image/jpeg").setChunked(true);
        await(slow.write(Buffer.buffer(GRACE)));

        assertThat(await(slow.response()).statusCode()).isEqualTo(408);
        await(slow.end());

        // One that comes after it on the same connection.
        HttpClientRequest next = await(http.request(HttpMethod.POST, api.port(), "127.0.0.1", IDENTIFY));
        next.putHeader("x-api-key", key).putHeader("Content-Type", "image/jpeg");
        await(next.end(Buffer.buffer(GRACE)));
        assertThat(await(next.response()).statusCode()).isEqualTo(200);
        assertThat(api.query(
                        "select count(*)::text from facestream.audit where action = 'search'"
                                + " and detail ->> 'keyName' = ?",
                        key.substring(3, 20)))
                .containsExactly("1");
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
}
