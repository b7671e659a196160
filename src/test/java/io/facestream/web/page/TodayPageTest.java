package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.facestream.embedded.TestServices;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.web.WebApi;
import io.facestream.web.live.LiveSockets;
import io.facestream.web.news.ToldVisits;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Visits as people see them, in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class TodayPageTest extends PageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What the page does when its socket tells of news; without, it asks once a minute. */
    private static final String NEWS = "htmx.trigger('#newest', 'news')";

    @Test
    void aVisitShowsWhoWhereWhenAndHowSure() throws Exception {
        data.visit("a", data.person("Grace Hopper"), "entrance", 3, null);

        Locator visit = browser.signedIn("viewer").locator(".visit");

        String time = DateTimeFormatter.ofPattern("HH:mm")
                .format(data.now().minusSeconds(180).atZone(ZoneId.of("Europe/Berlin")));
        assertThat(visit.locator("h3")).hasText("Grace Hopper");
        assertThat(visit.locator(".where")).hasText("entrance");
        assertThat(visit.locator(".sure")).hasText("98 % sure");
        assertThat(visit.locator("time")).hasText(time);
        assertThat(visit.locator(".stay")).hasText("12 s");
    }

    @Test
    void whoLooksAtAFaceLeavesARowThatNamesThem() throws Exception {
        data.visit("a", data.person("Grace Hopper"), "entrance", 3, null);
        Page page = browser.signedIn("viewer");

        page.waitForCondition(
                () -> (Boolean) page.evaluate("document.querySelector('.visit img').naturalWidth === 160"));

        assertThat(api.query("select detail ->> 'userName' from facestream.audit where action = 'show-shot'"
                        + " and detail ->> 'sighting' = 'a' order by id desc limit 1"))
                .isEqualTo(List.of("viewer"));
    }

    @Test
    void somebodyUnknownIsShownWithTheReasonInPlainWords() throws Exception {
        data.visit("a", null, "entrance", 3, "too-few-faces");

        assertThat(browser.signedIn("viewer").locator(".visit .why")).hasText("Seen too briefly to be sure");
    }

    @Test
    void somebodyUnknownHasTheFaceThatItsTopicHolds() throws Exception {
        data.visit("a", null, "lobby", 3, "nobody-near");
        data.visit("b", null, "lobby", 4, "nobody-near");
        byte[] chip = TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg"));
        KafkaConnection kafka = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        TopicAdmin.ensure(kafka, new TestTopicsConfig(1, true), List.of(Topic.DETECTED_FACES));
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            RecordMetadata place =
                    producer.send(TestChips.record(0, "face-of-a", chip)).get();
            data.face("a", "face-of-a", place);
            data.face("b", "face-of-b", place); // the topic was made anew, and has another face there
        }

        Page page = browser.signedIn("viewer");

        page.waitForCondition(
                () -> (Boolean) page.evaluate("document.querySelector('.visit img').naturalWidth === 160"));
        assertThat(page.locator(".visit .noshot")).hasCount(1);
        assertThat(page.locator(".visit img")).hasCount(1);
        assertThat(page.request()
                        .get(page.locator(".visit img[src*='visit=a']").getAttribute("src"))
                        .body())
                .isEqualTo(chip);
        assertThat(api.query("select distinct concat_ws(' ', detail ->> 'sighting', detail ->> 'event',"
                        + " detail ->> 'userName') from facestream.audit where action = 'show-shot'"
                        + " and detail ->> 'event' like 'face-of-_'"))
                .isEqualTo(List.of("a face-of-a viewer"));
    }

    @Test
    void aNewVisitAppearsWithoutAReload() throws Exception {
        Page page = browser.signedIn("viewer");
        assertThat(page.locator(".empty")).isVisible();
        page.evaluate("window.isSamePage = true");

        try (KafkaProducer<byte[], byte[]> producer =
                KafkaConnection.to(TestServices.kafka().bootstrapServers()).producer(Map.of())) {
            data.visit(new ToldVisits(producer).appear("entrance"), data.person("Eileen Collins"), "entrance", 0, null);
        }

        assertThat(page.locator(".visit h3")).hasText("Eileen Collins");
        assertThat(page.locator(".empty")).isHidden();
        assertThat(page.evaluate("window.isSamePage")).isEqualTo(true);
    }

    @Test
    void aVisitIsToldByTheSocketOnceItIsStored() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = KafkaConnection.to(
                                TestServices.kafka().bootstrapServers())
                        .producer(Map.of());
                LiveSockets sockets = new LiveSockets(api.port(), WebApi.owner())) {
            browser.addUser("viewer", "viewer");
            LiveSockets.Socket socket = sockets.listen(sockets.session("viewer"), word -> {});
            Awaitility.await().atMost(PATIENCE).until(() -> socket.words() == 1);
            ToldVisits visits = new ToldVisits(producer);

            // The channel may be reading from the end only after some of them.
            Awaitility.await().atMost(PATIENCE).until(() -> {
                data.visit(visits.appear("entrance"), null, "entrance", 0, "too-small");
                return socket.words() > 1;
            });
            api.execute("delete from facestream.web_session");

            Awaitility.await().atMost(PATIENCE).until(() -> Integer.valueOf(4401)
                    .equals(socket.closedWith()));
        }
    }

    @Test
    void afterAFailureThePageGoesOnAskingThoughItHasASocket() throws Exception {
        Page page = browser.signedIn("viewer");
        page.waitForCondition(() -> (Boolean) page.evaluate("areOpen"));
        page.route(
                "**/visits?*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(429)
                        .setHeaders(Map.of("HX-Retarget", "#trouble", "HX-Reswap", "innerHTML"))
                        .setBody("<p class=failure>It failed</p>")));
        page.evaluate(NEWS);
        assertThat(page.getByText("It failed")).isVisible();

        page.unroute("**/visits?*");

        assertThat(page.getByText("It failed"))
                .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE.toMillis() / 2.0));
        assertThat(browser.closePages()).isNotEmpty().allMatch(error -> error.contains("429"));
    }

    @Test
    void whatSomebodyDidInVainIsToldThoughThePageGetsItsNews() throws Exception {
        Page page = browser.signedIn("viewer");
        page.route("**/sign-in/out", route -> route.abort());
        page.reload(); // a request that is under way when the first route comes may never end
        page.waitForCondition(() -> (Boolean) page.evaluate("areOpen"));
        page.getByText("Sign out").click();
        assertThat(page.locator("#trouble")).hasText("The service does not answer. Try again soon.");

        page.waitForResponse("**/visits?*", () -> page.evaluate(NEWS));
        page.evaluate("new Promise(done => setTimeout(done))");

        assertThat(page.locator("#trouble")).hasText("The service does not answer. Try again soon.");
        assertThat(browser.closePages()).isNotEmpty();
    }

    @Test
    void aSocketOfVisitsWithoutASessionIsRefused() {
        try (LiveSockets sockets = new LiveSockets(api.port(), WebApi.owner())) {
            assertThatThrownBy(() -> sockets.listen("A".repeat(43), word -> {}))
                    .rootCause()
                    .hasMessageContaining("Unexpected HTTP response status code");
        }
    }

    @Test
    void aVisitThatIsNamedLaterIsNamedOnTheScreen() throws Exception {
        data.visit("a", null, "entrance", 1, "too-few-faces");
        Page page = browser.signedIn("viewer");
        assertThat(page.locator(".visit h3")).hasText("Somebody unknown");

        api.execute("update facestream.sighting set identity_id = ?, kind = 'person'", data.person("Eileen Collins"));
        page.evaluate(NEWS);

        assertThat(page.locator(".visit h3")).hasText("Eileen Collins");
    }

    @Test
    void aPersonsVisitsAreFoundByAPartOfTheName() throws Exception {
        data.visit("a", data.person("Grace Hopper"), "entrance", 3, null);
        data.visit("b", data.person("Eileen Collins"), "garden", 2, null);
        Page page = browser.signedIn("viewer");

        page.getByLabel("Person").fill("hopp");
        page.getByLabel("Person").press("Enter");

        assertThat(page.locator(".visit h3")).hasText("Grace Hopper");
    }

    @Test
    void aNameThatMoreThanAHundredPeopleHaveSaysThatSomeAreLeftOut() throws Exception {
        api.execute("insert into facestream.identity (kind, name) select 'person', 'Ada ' || i"
                + " from generate_series(1, 101) i");
        Page page = browser.signedIn("viewer");

        page.navigate("/?person=ada");
        assertThat(page.getByText("More than 100 people")).isVisible();
        page.navigate("/?person=ada%209");
        assertThat(page.getByText("More than 100 people")).hasCount(0);
    }

    @Test
    void theFocusStaysWhereItIsWhenVisitsCome() throws Exception {
        data.visit("a", data.person("Grace Hopper"), "entrance", 3, null);
        Page page = browser.signedIn("viewer");
        Locator grace = page.locator("h3 a:has-text('Grace Hopper')");
        grace.focus();

        data.visit("b", data.person("Eileen Collins"), "entrance", 0, null);
        page.evaluate(NEWS);

        assertThat(page.locator(".visit")).hasCount(2);
        assertThat(grace).isFocused();
    }

    @Test
    void visitsOfOneCameraAreShownAsSoonAsItIsChosen() throws Exception {
        data.visit("a", data.person("Grace Hopper"), "entrance", 3, null);
        data.visit("b", null, "garden", 2, "too-small");
        Page page = browser.signedIn("viewer");

        page.getByLabel("Camera").selectOption("garden");

        assertThat(page.locator(".visit .where")).hasText("garden");
    }

    @Test
    void anotherDayHasOtherVisits() throws Exception {
        data.visit("a", data.person("Grace Hopper"), "entrance", 3, null);
        Page page = browser.signedIn("viewer");

        page.navigate("/?day=2001-02-03");

        assertThat(page.locator(".empty h2")).hasText("No such visit");
    }

    @Test
    void earlierVisitsComeBelowWithoutLossOrDoubles() throws Exception {
        for (int i = 0; i < 120; i++) {
            data.visit("v" + i, null, "camera-" + i / 2, i / 2, "too-small");
        }
        Page page = browser.signedIn("viewer");

        page.locator(".more").click();
        assertThat(page.locator(".visit")).hasCount(100);
        page.locator(".more").click();

        assertThat(page.locator(".visit")).hasCount(120);
        assertThat(page.locator(".more")).hasCount(0);
        assertThat((Integer) page.evaluate("new Set([...document.querySelectorAll('.visit')].map(v => v.id)).size"))
                .isEqualTo(120);
    }

    @Test
    void hostileNamesAreTextAndNothingElse() throws Exception {
        List<String> names = List.of(
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "{reader.formToken}{#each}",
                "محمد بن عبد الله",
                "x".repeat(256),
                "'; drop table identity; --");
        for (int i = 0; i < names.size(); i++) {
            data.visit("h" + i, data.person(names.get(i)), "<b>cam</b>" + i, i, null);
        }

        assertThat(browser.signedIn("viewer").locator(".visit h3")).hasText(names.toArray(String[]::new));
        browser.show("hostile", "/");
    }

    @Test
    void everybodyCanUseAnOrdinaryDay() throws Exception {
        List<UUID> people = data.sampleGallery();
        List<String> cameras = List.of("entrance", "garden", "loading-dock");
        List<String> reasons = List.of("nobody-near", "too-small", "too-few-faces", "low-norm", "two-as-near");
        for (int i = 0; i < 16; i++) {
            UUID person = i % 4 == 2 ? null : people.get(i % people.size());
            String reason = person == null ? reasons.get(i / 4 % reasons.size()) : null;
            data.visit("v" + i, person, cameras.get(i * 7 / 3 % cameras.size()), 3 * i * i, reason);
        }
        data.stay("v0", "v2");
        data.showSampleFaces();

        browser.show("today", "/", page -> page.locator(".visit").nth(15).waitFor());
    }

    @Test
    void anEmptyPageSaysWhatToDoFirst() throws Exception {
        Locator empty = browser.signedIn("viewer").locator(".empty");
        assertThat(empty).containsText("./facestream cameras add");
        assertThat(empty).containsText("./facestream publish");
        browser.show("today-empty", "/");
    }
}
