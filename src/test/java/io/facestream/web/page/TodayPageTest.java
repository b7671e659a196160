package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.facestream.frames.TestPictures;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.awt.Color;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Visits as people see them, in a real browser. */
@QuarkusTest
@Tag("own-process")
@TestProfile(WebApi.Alone.class)
class TodayPageTest {
    private static final byte[] CHIP =
            TestPictures.encode(TestPictures.halves(160, 160, Color.GRAY, Color.DARK_GRAY), "png");

    private final WebApi api = new WebApi();
    private final Instant now = Instant.now();
    private Chromium browser;

    @BeforeEach
    void open() throws Exception {
        browser = Chromium.open();
        api.execute("delete from facestream.sighting");
        api.execute("delete from facestream.identity");
        api.execute("select facestream.make_sighting_days(array[(now() at time zone 'UTC')::date,"
                + " (now() at time zone 'UTC')::date - 1])");
    }

    @AfterEach
    void close() {
        assertThat(browser.faults()).isEmpty();
        browser.close();
    }

    private UUID person(String name) throws Exception {
        return UUID.fromString(api.query(
                        "with made as (insert into facestream.identity (kind, name) values ('person', ?) returning id)"
                                + " select id from made",
                        name)
                .get(0));
    }

    /** A visit that began so many minutes ago; of nobody known if the person is null. */
    private void visit(String id, UUID person, String camera, int minutesAgo, String reason) throws Exception {
        Instant at = now.minusSeconds(60L * minutesAgo);
        api.execute(
                "insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,"
                        + " probability, reason, first_seen, last_seen, first_appended_at, last_appended_at, frames, best)"
                        + " values ('/cameras/' || ?, ?, (now() at time zone 'UTC')::date, 1, 'left', ?, ?, ?::uuid, ?::real,"
                        + " ?, ?, ?, ?, ?, 20, '{\"eventId\": \"e\"}')",
                camera,
                id,
                camera,
                person == null ? "unknown" : "person",
                person,
                person == null ? null : 0.987f,
                reason,
                at,
                at.plusSeconds(12),
                at,
                at.plusSeconds(12));
        if (person != null) {
            api.execute(
                    "insert into facestream.sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at,"
                            + " chip) values ('/cameras/' || ?, ?, (now() at time zone 'UTC')::date, 'e', ?, now(), ?)",
                    camera,
                    id,
                    person,
                    CHIP);
        }
    }

    @Test
    void aVisitShowsWhoWhereWhenAndHowSure() throws Exception {
        visit("a", person("Grace Hopper"), "entrance", 3, null);

        Locator visit = browser.signedIn("viewer").locator(".visit");

        String time = DateTimeFormatter.ofPattern("HH:mm")
                .format(now.minusSeconds(180).atZone(ZoneId.of("Europe/Berlin")));
        assertThat(visit.locator("h3")).hasText("Grace Hopper");
        assertThat(visit.locator(".where")).hasText("entrance");
        assertThat(visit.locator(".sure")).hasText("98 % sure");
        assertThat(visit.locator("time")).hasText(time);
        assertThat(visit.locator(".stay")).hasText("12 s");
    }

    @Test
    void whoLooksAtAFaceLeavesARowThatNamesThem() throws Exception {
        visit("a", person("Grace Hopper"), "entrance", 3, null);
        Page page = browser.signedIn("viewer");

        page.waitForCondition(
                () -> (Boolean) page.evaluate("document.querySelector('.visit img').naturalWidth === 160"));

        assertThat(api.query("select detail ->> 'userName' from facestream.audit where action = 'show-shot'"
                        + " and detail ->> 'sighting' = 'a' order by id desc limit 1"))
                .isEqualTo(List.of("viewer"));
    }

    @Test
    void somebodyUnknownIsShownWithTheReasonInPlainWords() throws Exception {
        visit("a", null, "entrance", 3, "too-few-faces");

        assertThat(browser.signedIn("viewer").locator(".visit .why")).hasText("Seen too briefly to be sure");
    }

    @Test
    void aNewVisitAppearsWithoutAReload() throws Exception {
        Page page = browser.signedIn("viewer");
        assertThat(page.locator(".empty")).isVisible();

        visit("a", person("Eileen Collins"), "entrance", 0, null);

        assertThat(page.locator(".visit h3")).hasText("Eileen Collins");
        assertThat(page.locator(".empty")).isHidden();
    }

    @Test
    void aVisitThatIsNamedLaterIsNamedOnTheScreen() throws Exception {
        visit("a", null, "entrance", 1, "too-few-faces");
        Page page = browser.signedIn("viewer");
        assertThat(page.locator(".visit h3")).hasText("Somebody unknown");

        api.execute("update facestream.sighting set identity_id = ?, kind = 'person'", person("Eileen Collins"));

        assertThat(page.locator(".visit h3")).hasText("Eileen Collins");
    }

    @Test
    void aPersonsVisitsAreFoundByAPartOfTheName() throws Exception {
        visit("a", person("Grace Hopper"), "entrance", 3, null);
        visit("b", person("Eileen Collins"), "garden", 2, null);
        Page page = browser.signedIn("viewer");

        page.getByLabel("Person").fill("hopp");
        page.getByLabel("Person").press("Enter");

        assertThat(page.locator(".visit h3")).hasText("Grace Hopper");
    }

    @Test
    void visitsOfOneCameraAreShownAsSoonAsItIsChosen() throws Exception {
        visit("a", person("Grace Hopper"), "entrance", 3, null);
        visit("b", null, "garden", 2, "too-small");
        Page page = browser.signedIn("viewer");

        page.getByLabel("Camera").selectOption("garden");

        assertThat(page.locator(".visit .where")).hasText("garden");
    }

    @Test
    void anotherDayHasOtherVisits() throws Exception {
        visit("a", person("Grace Hopper"), "entrance", 3, null);
        Page page = browser.signedIn("viewer");

        page.navigate("/?day=2001-02-03");

        assertThat(page.locator(".empty h2")).hasText("No such visit");
    }

    @Test
    void earlierVisitsComeBelowWithoutLossOrDoubles() throws Exception {
        for (int i = 0; i < 120; i++) {
            visit("v" + i, null, "camera-" + i / 2, i / 2, "too-small");
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
            visit("h" + i, person(names.get(i)), "<b>cam</b>" + i, i, null);
        }

        assertThat(browser.signedIn("viewer").locator(".visit h3")).hasText(names.toArray(String[]::new));
        browser.show("hostile", "/");
    }

    @Test
    void anEmptyPageSaysWhatToDoFirst() throws Exception {
        assertThat(browser.signedIn("viewer").locator(".empty")).containsText("Add a camera");
        browser.show("today-empty", "/");
    }
}
