package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever can be done in a view can be come to by the keyboard alone, in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class KeyboardPageTest extends PageTest {
    /** Opens what is folded, and numbers what can be worked with, in the order of the document. */
    private static final String NUMBER_CONTROLS =
            """
            () => {
              document.querySelectorAll('details').forEach(each => each.open = true);
              window.controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
                .filter(each => !each.disabled && each.checkVisibility({visibilityProperty: true})
                  && each.type !== 'hidden');
              return window.controls.map(each => each.outerHTML.slice(0, 120));
            }""";

    /** Which of them has the focus, whether that is seen, and whether it lies below or right of the one before. */
    private static final String FOCUSED =
            """
            before => {
              const focused = document.activeElement;
              const seen = focused instanceof SVGElement ? focused.querySelector('circle') : focused;
              const look = getComputedStyle(seen);
              const line = focused instanceof SVGElement ? [look.strokeWidth, look.stroke]
                : [look.outlineWidth, look.outlineStyle];
              const place = focused.getBoundingClientRect();
              const last = before < 0 ? place : window.controls[before].getBoundingClientRect();
              return {
                number: window.controls.indexOf(focused),
                isSeen: focused.matches(':focus-visible') && line[1] !== 'none' && parseFloat(line[0]) > 0,
                isInSight: place.width > 0 && place.bottom > 0 && place.top < innerHeight && place.right > 0,
                isAfter: place.bottom > last.top || place.left >= last.right || before === 0,
                what: focused.outerHTML.slice(0, 120),
              };
            }""";

    private UUID person;

    private record Focused(int number, boolean isSeen, boolean isInSight, boolean isAfter, String what) {}

    @BeforeEach
    void fill() throws Exception {
        person = data.person("Grace Hopper");
        data.photo(person, 0);
        data.photo(data.person("Twin Hopper"), 1);
        api.execute("insert into facestream.identity_tag (identity_id, tag) values (?, 'navy')", person);
        data.visit("a", person, "entrance", 3, null);
        data.visit("b", null, "garden", 2, "too-small");
        data.visit("d", null, "yard", 2, "too-small");
        data.stranger("c", 1, "entrance");
        api.execute("insert into facestream.alert_target (name, keep) values ('phone', interval '7 days')");
        api.execute("insert into facestream.alert_rule (name, known, strangers, unknown, tags, cameras, spans, zone,"
                + " cool_down, targets) values ('night', true, false, false, '{}', '{yard}', '{}', 'UTC',"
                + " interval '0', '{phone}')");
        api.execute("insert into facestream.training_command (id, command, kind, state, epochs) values"
                + " (gen_random_uuid(), '{\"command\": \"fine-tune\"}', 'fine-tune', 'running', '[]')");
    }

    @AfterEach
    void clear() throws Exception {
        api.execute("delete from facestream.alert_rule");
        api.execute("delete from facestream.alert_target");
        api.execute("delete from facestream.training_command");
    }

    /** @param ready what is there once the view is complete */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/, .visit",
                "/live, .tile a[href*=yard]",
                "/people, .people",
                "/people/PERSON, #known",
                "/people/PERSON/alike, .people",
                "/map, #map",
                "/visit?source=%2Fcameras%2Fentrance&visit=a, header.person",
                "/visit?source=%2Fcameras%2Fgarden&visit=b, header.person",
                "/strangers, .strangers",
                "/alerts, .rules",
                "/models, #versions",
                "/health, #topics",
                "/threshold, form.filter"
            })
    void tabComesToEachControlInOrderAndIsSeenThere(String path, String ready) throws Exception {
        Page page = browser.signedIn("admin");
        page.navigate(path.replace("PERSON", person.toString()));
        page.locator(ready).first().waitFor();
        List<?> controls = (List<?>) page.evaluate(NUMBER_CONTROLS);

        List<Object> reached = new ArrayList<>();
        Focused focused = null;
        int before = -1;
        // The fields of a date are a stop each.
        for (int presses = 0; presses < 2 * controls.size() + 10; presses++) {
            page.keyboard().press("Tab");
            focused = focused(page, before);
            if (focused.number() < 0 || focused.number() < before) {
                break;
            }
            if (focused.number() != before) {
                assertThat(focused.isSeen()).as("seen: " + focused).isTrue();
                assertThat(focused.isInSight()).as("in sight: " + focused).isTrue();
                assertThat(focused.isAfter())
                        .as("after the one before: " + focused)
                        .isTrue();
                reached.add(controls.get(focused.number()));
            }
            before = focused.number();
        }

        assertThat(reached).as("then comes " + focused).isEqualTo(controls).hasSizeGreaterThan(1);
    }

    private static Focused focused(Page page, int before) {
        Map<?, ?> found = (Map<?, ?>) page.evaluate(FOCUSED, before);
        return new Focused(
                ((Number) found.get("number")).intValue(),
                (Boolean) found.get("isSeen"),
                (Boolean) found.get("isInSight"),
                (Boolean) found.get("isAfter"),
                (String) found.get("what"));
    }

    @Test
    void theFirstControlLeadsPastTheMenu() throws Exception {
        Page page = browser.signedIn("viewer");

        page.keyboard().press("Tab");
        assertThat(page.getByText("Skip to the content")).isFocused();
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");

        assertThat(page.getByLabel("Person")).isFocused();
    }

    /** Arrows pass each choice on their way. */
    @Test
    void aChoiceByArrowsIsShownWhenItIsAskedFor() throws Exception {
        Page page = browser.signedIn("viewer");
        Chromium.tabTo(page, page.getByLabel("Camera"));

        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        assertThat(page.getByLabel("Camera")).isFocused();
        assertThat(page.getByLabel("Camera")).hasValue("garden");
        Chromium.tabTo(page, page.locator("form.filter button"));
        page.keyboard().press("Enter");

        assertThat(page.locator(".visit .where")).hasText("garden");
    }

    @Test
    void theFocusStaysOnAVisitsQuestionWhenVisitsCome() throws Exception {
        Page page = browser.signedIn("operator");
        Locator question = page.locator(".visit:has-text('Grace Hopper') .say a");
        question.focus();

        data.visit("e", data.person("Eileen Collins"), "entrance", 0, null);
        page.evaluate("htmx.trigger('#newest', 'news')");

        assertThat(page.getByText("Eileen Collins", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(question).isFocused();
    }

    @Test
    void whoAsksForEarlierVisitsByTheKeyboardGoesOnFromThere() throws Exception {
        for (int i = 0; i < 100; i++) {
            data.visit("v" + i, null, "camera-" + i, 60 + i, "too-small");
        }
        Page page = browser.signedIn("viewer");

        page.locator(".more").focus();
        page.keyboard().press("Enter");
        assertThat(page.locator(".visit")).hasCount(100);
        assertThat(page.locator(".more")).isFocused();
        // What htmx has put there heeds keys a moment after it is seen.
        page.waitForCondition(() -> (Boolean) page.evaluate("!document.querySelector('.htmx-added')"));
        page.keyboard().press("Enter");

        assertThat(page.locator(".visit")).hasCount(104);
        assertThat(page.locator(".more")).hasCount(0);
        assertThat(page.locator(".earlier").last()).isFocused();
    }

    @Test
    void whoComparesAPersonByTheKeyboardGoesOnFromThere() throws Exception {
        Page page = browser.signedIn("operator");
        page.navigate("/people/" + person);

        page.getByText("Compare with everybody").focus();
        page.keyboard().press("Enter");

        assertThat(page.locator(".people a")).isVisible();
        assertThat(page.locator("#alike")).isFocused();
    }
}
