package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.TestServices;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import io.facestream.web.page.OidcPerson;
import io.facestream.web.page.OidcProviderAt;
import io.facestream.web.page.Visitor;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two processes of the role web behind a load balancer: whoever signs in at one is signed in at both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionReplicasIT {
    private static final TestGallery GALLERY = TestGallery.of(SessionReplicasIT.class);
    private static final List<String> REPLICAS = List.of("one", "other");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final int balancer = TestServices.freePort();
    private final Set<NetSocket> browsers = ConcurrentHashMap.newKeySet();
    private volatile String chosen = "one";
    private EmbeddedKafka kafka;
    private Containers containers;
    private String issuer;
    private Visitor ann;
    private OidcProviderAt provider;
    private OidcPerson person;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        issuer = OidcProviderAt.nextIssuer();
        GallerySchema.migrate(GALLERY.dataSource());
        GALLERY.execute("insert into facestream.oidc_issuer (issuer) values ('" + issuer + "')");
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), TestServices.freePort());
        containers = new Containers(folder.resolve("image"));
        Map<String, String> settings = new HashMap<>(GALLERY.asProperties());
        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("facestream.web.oidc.issuer", issuer);
        settings.put("facestream.web.oidc.client-id", OidcProviderAt.CLIENT);
        settings.put(
                "facestream.web.oidc.secret-file",
                Files.writeString(folder.resolve("client-secret"), "short").toString());
        settings.put("facestream.web.oidc.role-claim", "company/groups");
        settings.put("facestream.web.oidc.operators", "desk");
        for (String replica : REPLICAS) {
            int port = TestServices.freePort();
            ports.put(replica, port);
            settings.put("quarkus.http.port", Integer.toString(port));
            containers.startRoles(replica, "web", "512m", settings);
        }
        balance();
        for (String replica : REPLICAS) {
            await().atMost(PATIENCE).until(() -> containers.said(replica).contains("Ready: web"));
        }
    }

    @BeforeEach
    void begin() throws Exception {
        GALLERY.execute("delete from facestream.web_session");
        provider = OidcProviderAt.start(issuer);
        person = provider.expectSomebody("4711", "desk");
        ann = new Visitor(page(balancer));
        choose("one");
    }

    @AfterEach
    void end() {
        provider.close();
    }

    /** Hands each connection to the replica that is chosen. */
    private void balance() {
        vertx.createNetServer()
                .connectHandler(browser -> {
                    browser.pause();
                    browsers.add(browser);
                    vertx.createNetClient()
                            .connect(ports.get(chosen), "127.0.0.1")
                            .onComplete(replica -> join(browser, replica), refused -> browser.close());
                })
                .listen(balancer, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void choose(String replica) {
        chosen = replica;
        browsers.forEach(NetSocket::close);
        browsers.clear();
    }

    private static void join(NetSocket browser, NetSocket replica) {
        pipe(browser, replica);
        pipe(replica, browser);
    }

    private static void pipe(NetSocket from, NetSocket to) {
        from.pipeTo(to).onComplete(ended -> {
            from.close();
            to.close();
        });
    }

    @AfterAll
    void stop() throws IOException {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        containers.close();
        kafka.close();
    }

    private static URI page(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private void signIn() throws Exception {
        assertThat(ann.open("/sign-in/oidc?next=%2Fpeople").statusCode()).isEqualTo(200);
    }

    private static void expire() throws Exception {
        GALLERY.execute("update facestream.web_session set expires_at = now()");
    }

    @Test
    void aSignInThatBeginsAtOneReplicaEndsAtTheOther() throws Exception {
        String ask = location(ann.stepTo(page(balancer) + "/sign-in/oidc?next=%2Fpeople"));
        String back = location(ann.stepTo(ask));
        choose("other");

        assertThat(back).startsWith(page(balancer).toString());
        assertThat(ann.open(back).statusCode()).isEqualTo(200);

        for (String replica : REPLICAS) {
            choose(replica);
            assertThat(ann.isSignedIn()).as(replica).isTrue();
        }
    }

    @Test
    void requestsAtBothReplicasAskTheProviderOnce() throws Exception {
        signIn();
        expire();
        List<Callable<Boolean>> requests = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int port = ports.get(REPLICAS.get(i % 2));
            requests.add(() -> ann.isSignedInAt(page(port)));
        }
        ExecutorService tabs = Executors.newFixedThreadPool(requests.size());

        List<Future<Boolean>> answers = tabs.invokeAll(requests);

        for (Future<Boolean> answer : answers) {
            assertThat(answer.get()).isTrue();
        }
        tabs.shutdown();
        // One for the ID token, one for the access token.
        assertThat(person.renewals()).isEqualTo(2);
    }

    @Test
    void whatTheProviderRevokesEndsTheSessionAtBoth() throws Exception {
        signIn();
        person.revoke();
        expire();

        choose("other");
        assertThat(ann.isSignedIn()).isFalse();
        choose("one");
        assertThat(ann.isSignedIn()).isFalse();
        assertThat(GALLERY.query("select subject from facestream.web_session")).isEmpty();
    }

    @Test
    void whoeverSignsOutAtOneIsSignedOutAtTheOther() throws Exception {
        signIn();
        choose("other");

        assertThat(ann.signOut().statusCode()).isEqualTo(204);

        choose("one");
        assertThat(ann.isSignedIn()).isFalse();
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElseThrow();
    }
}
