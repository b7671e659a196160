package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.facestream.AllRoles;
import io.facestream.demo.SampleCamera;
import io.facestream.demo.SampleCamera.Shot;
import io.facestream.embedded.TestServices;
import io.facestream.faces.Box;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.KafkaConnection;
import io.facestream.web.live.LiveRecords;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demo's people are enrolled by the page, and its clip goes through all roles while a real browser looks on. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class DemoPageTest extends PageTest {
    private static final String CAMERA = "demo-page";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A machine that is busy with other tests plays the clip more slowly: so many frames ahead of the page at most. */
    private static final int AHEAD = 10;

    private static final Map<String, String> PHOTOS = Map.of(
            "Eileen_Collins", "people/Eileen_Collins/nasa.jpg",
            "Grace_Hopper", "people/Grace_Hopper/us-navy.jpg",
            "John_Ousterhout", "people/John_Ousterhout/tk.jpg");

    /**
     * Notes each picture of the camera as it is painted: whose faces are marked, and where, in the picture's pixels.
     */
    private static final String NOTE_PICTURES =
            """
            camera => {
              window.drawn = [];
              const note = tile => {
                const canvas = tile.querySelector('canvas');
                const picture = canvas.getBoundingClientRect();
                const scale = canvas.width / picture.width;
                window.drawn.push({
                  at: Date.parse(tile.querySelector('time').dateTime),
                  named: [...tile.querySelectorAll('.boxes .known')].map(each => {
                    const box = each.getBoundingClientRect();
                    return {name: each.textContent, x: scale * (box.left - picture.left),
                      y: scale * (box.top - picture.top), width: scale * box.width, height: scale * box.height};
                  }),
                  light: canvas.getContext('2d').getImageData(0, 0, 1, 1).data[0],
                });
              };
              new MutationObserver(changes => changes.map(each => each.target)
                  .filter(each => each.querySelector('.camera').textContent === camera).forEach(note))
                .observe(document.getElementById('tiles'),
                  {subtree: true, attributes: true, attributeFilter: ['data-sequence']});
            }""";

    /** A marked face, in pixels of the picture. */
    private record Named(String name, Box box) {}

    @AfterEach
    void forget() throws Exception {
        data.clear();
    }

    /** Enrols the demo's people by the form of that page. */
    static void enrol(Page page) {
        page.navigate("/people");
        // It is open where nobody is enrolled.
        Locator closed = page.locator("details:not([open]):has(form.drop) summary");
        if (closed.count() > 0) {
            closed.click();
        }
        PHOTOS.forEach((name, photo) -> {
            Locator form = page.locator("form.drop");
            form.locator("[name=name]").fill(name);
            form.locator("[type=file]")
                    .setInputFiles(new FilePayload(name + ".jpg", "image/jpeg", TestPictures.sample(photo)));
            assertThat(form.locator(".outcomes .counts")).hasCount(1);
            assertThat(page.locator(".people strong").getByText(name)).isVisible();
        });
    }

    private static boolean hasDrawn(Page live, Instant frame) {
        return (Boolean) live.evaluate("at => window.drawn.some(each => each.at >= at)", (double) frame.toEpochMilli());
    }

    /** Plays the clip to the service, and says which picture the broker took when. */
    private static Map<Long, Shot> play(Page live) throws Exception {
        Map<Long, Shot> filmed = new HashMap<>();
        try (KafkaProducer<byte[], byte[]> producer = KafkaConnection.to(
                                TestServices.kafka().bootstrapServers())
                        .producer(Map.of("linger.ms", 0));
                SampleCamera camera = new SampleCamera()) {
            LiveRecords films = new LiveRecords(producer);
            List<Shot> clip = camera.shots().toList();
            // Whoever has just begun to watch is not at the topics' ends yet.
            Awaitility.await().atMost(PATIENCE).until(() -> {
                films.film(CAMERA, clip.get(0).jpeg());
                return (Boolean) live.evaluate("window.drawn.length > 0");
            });
            Instant[] taken = new Instant[clip.size()];
            long begun = System.nanoTime();
            for (Shot shot : clip) {
                Instant before = shot.index() < AHEAD ? Instant.EPOCH : taken[shot.index() - AHEAD];
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInSameThread()
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> System.nanoTime() - begun >= shot.at().toNanos() && hasDrawn(live, before));
                taken[shot.index()] = films.film(CAMERA, shot.jpeg()).appendedAt();
                filmed.put(taken[shot.index()].toEpochMilli(), shot);
            }
            Instant last = taken[clip.size() - 1];
            Awaitility.await().atMost(PATIENCE).pollInSameThread().until(() -> hasDrawn(live, last));
        }
        return filmed;
    }

    @Test
    void whoWalksByIsMarkedAtLiveAndAVisitOfTodayWithoutAReload() throws Exception {
        Page today = browser.signedIn("admin");
        Page live = browser.signedIn("viewer");
        enrol(today);
        today.navigate("/");
        today.evaluate("window.isSamePage = true");
        assertThat(today.locator(".empty")).isVisible();
        live.navigate("/live");
        live.evaluate(NOTE_PICTURES, CAMERA);

        Map<Long, Shot> filmed = play(live);

        assertMarked(live, filmed);
        // Whoever comes back late, as the clip is played on a slow machine, has two visits.
        Awaitility.await().atMost(PATIENCE).pollInSameThread().untilAsserted(() -> assertThat(
                        new TreeSet<>(today.locator(".visit:not(.unnamed) h3").allTextContents()))
                .isEqualTo(new TreeSet<>(PHOTOS.keySet())));
        assertThat(today.locator(".visit.present")).hasCount(0);
        assertThat(today.locator(".visit.unnamed").first()).containsText("Looks like nobody who is enrolled");
        assertThat(today.locator(".visit .where").first()).hasText(CAMERA);
        assertThat(today.evaluate("window.isSamePage")).isEqualTo(true);
    }

    /** Each marked person is in that picture, and there; and each was marked. */
    private static void assertMarked(Page live, Map<Long, Shot> filmed) {
        TreeSet<String> marked = new TreeSet<>();
        int pictures = 0;
        for (Object each : (List<?>) live.evaluate("window.drawn")) {
            Map<?, ?> drawn = (Map<?, ?>) each;
            Shot shot = filmed.get(((Number) drawn.get("at")).longValue());
            if (shot == null) {
                continue;
            }
            pictures++;
            assertThat(number(drawn, "light")).as("frame " + shot.index()).isPositive();
            for (Object one : (List<?>) drawn.get("named")) {
                Named named = named((Map<?, ?>) one);
                assertThat(shot.faces()).as("frame " + shot.index()).containsKey(named.name());
                assertThat(named.box().intersectionOverUnion(shot.faces().get(named.name())))
                        .as(named + " in frame " + shot.index() + " " + shot.faces())
                        .isGreaterThan(0.3f);
                marked.add(named.name());
            }
        }
        System.out.println("pictures at Live: " + pictures + " of " + filmed.size());
        assertThat(marked).isEqualTo(new TreeSet<>(PHOTOS.keySet()));
    }

    private static Named named(Map<?, ?> drawn) {
        return new Named(
                (String) drawn.get("name"),
                new Box(number(drawn, "x"), number(drawn, "y"), number(drawn, "width"), number(drawn, "height")));
    }

    private static float number(Map<?, ?> of, String name) {
        return ((Number) of.get(name)).floatValue();
    }
}
