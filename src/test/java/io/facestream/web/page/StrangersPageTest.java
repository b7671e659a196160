package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Strangers are named, merged, ignored, kept for longer and forgotten by the page, in a real browser. */
@QuarkusTest
@Tag("own-process")
@TestProfile(StrangersPageTest.Keeping.class)
class StrangersPageTest extends PageTest {
    public static final class Keeping extends ChangesPageTest.WithCuration {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("facestream.strangers.keep", "P30D");
        }
    }

    private UUID first;
    private UUID second;

    @BeforeEach
    void open() throws Exception {
        first = data.stranger("a", 1, "entrance");
        second = data.stranger("b", 30, "yard");
    }

    private Page strangers(String role) throws Exception {
        Page page = browser.signedIn(role);
        page.navigate("/strangers");
        return page;
    }

    private static void choose(Page page, UUID stranger) {
        page.locator("input[value='" + stranger + "']").check();
    }

    private static void press(Page page, String button) {
        page.getByText(button, new Page.GetByTextOptions().setExact(true)).click();
    }

    @Test
    void strangersAreListedWithTheirFacesAndWhereTheyWereSeenLast() throws Exception {
        Page page = strangers("viewer");

        assertThat(page.locator(".strangers li")).hasCount(2);
        assertThat(page.locator(".strangers li").first()).containsText("entrance");
        assertThat(page.locator(".strangers img")).hasCount(2);
        assertThat(page.locator("input[type=checkbox]")).hasCount(0);
        assertThat(api.query("select count(*) from facestream.audit_trail where action = 'show-stranger'"))
                .doesNotContain("0");
    }

    @Test
    void theirVisitsAreAmongThoseThatWereNotRecognised() throws Exception {
        Page page = browser.signedIn("viewer");

        page.navigate("/?who=unnamed");
        assertThat(page.locator(".visits li")).hasCount(2);
        page.navigate("/?who=named");
        assertThat(page.locator(".visits li")).hasCount(0);
    }

    @Test
    void allVisitsOfAStrangerAreListed() throws Exception {
        Page page = strangers("viewer");

        page.getByText("All visits").last().click();

        assertThat(page.locator(".visits li")).hasCount(1);
        assertThat(page.locator(".visits li")).containsText("yard");
    }

    @Test
    void severalStrangersAreGivenOneNameAndThePastFollows() throws Exception {
        Page page = strangers("operator");
        choose(page, first);
        choose(page, second);
        page.getByLabel("Full name").fill("Grace Hopper");

        press(page, "Give this name");

        assertThat(page.locator(".notice")).containsText("They have a name now");
        assertThat(page.locator(".strangers li")).hasCount(0);
        assertThat(api.query("select name from facestream.sighting_log"))
                .containsExactly("Grace Hopper", "Grace Hopper");
        page.navigate("/");
        assertThat(page.locator(".visit h3")).hasText(new String[] {"Grace Hopper", "Grace Hopper"});
        page.navigate("/people"); // the one whom the other was merged into has no former name by it
        assertThat(page.locator(".people")).containsText("Grace Hopper");
    }

    @Test
    void eachChoiceIsNamedByWhatIsSaidOfTheStranger() throws Exception {
        Page page = strangers("operator");

        assertThat(page.getByLabel("entrance")).hasValue(first.toString());
        assertThat(page.getByLabel("yard")).hasValue(second.toString());
    }

    @Test
    void theKeyboardIsEnoughToNameThem() throws Exception {
        Page page = strangers("operator");
        Chromium.tabTo(page, page.locator("input[value='" + first + "']"));
        page.keyboard().press("Space");
        Chromium.tabBackTo(page, page.getByLabel("Full name"));
        page.keyboard().type("Grace Hopper");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");

        assertThat(page.locator(".notice")).containsText("They have a name now");
        assertThat(page.locator(".strangers li")).hasCount(1);
    }

    @Test
    void nobodyIsAlertedAboutWhoeverAVisitIsOf() throws Exception {
        Page page = browser.signedIn("operator");
        page.navigate("/visit?source=%2Fcameras%2Fentrance&visit=a");

        page.getByText("Alert nobody about this person").click();

        assertThat(page.locator(".notice")).isVisible();
        assertThat(api.query("select id from facestream.strangers where ignored"))
                .containsExactly(first.toString());
    }

    @Test
    void strangersWhoAreOnePersonAreMerged() throws Exception {
        Page page = strangers("operator");
        choose(page, first);
        choose(page, second);

        press(page, "They are one person");

        assertThat(page.locator(".strangers li")).hasCount(1);
        assertThat(page.locator(".strangers li")).containsText("2 visits");
    }

    @Test
    void aStrangerIsIgnored() throws Exception {
        Page page = strangers("operator");
        choose(page, first);

        press(page, "Alert nobody about them");

        assertThat(page.locator(".strangers li").first()).containsText("ignored");
    }

    @Test
    void aStrangerIsForgotten() throws Exception {
        Page page = strangers("operator");
        choose(page, first);

        press(page, "Forget");

        assertThat(page.locator(".notice")).containsText("forgotten");
        assertThat(page.locator(".strangers li")).hasCount(1);
    }

    @Test
    void whoeverChoosesNobodyIsTold() throws Exception {
        Page page = strangers("operator");

        press(page, "They are one person");

        assertThat(page.locator("#answer .failure")).hasText("Choose strangers first.");
    }

    @Test
    void strangersAreKeptForLonger() throws Exception {
        api.execute("update facestream.stranger set expires_at = now() + interval '1 hour'");
        Page page = strangers("operator");
        choose(page, first);

        press(page, "Keep longer");

        assertThat(page.locator(".notice")).containsText("kept for longer");
        assertThat(api.query("select id from facestream.strangers where expires_at > now() + interval '1 day'"))
                .containsExactly(first.toString());
    }

    @Test
    void aNameThatNobodyMayHaveIsRefusedInWords() throws Exception {
        Page page = strangers("operator");
        choose(page, first);

        press(page, "Give this name");

        assertThat(page.locator("#answer .failure")).containsText("not possible");
        assertThat(page.locator(".strangers li")).hasCount(2);
    }

    @Test
    void aCameraIsATextWhateverItSays() throws Exception {
        data.stranger("c", 0, "<img src=x onerror=alert(1)>");
        Page page = strangers("viewer");

        assertThat(page.locator(".strangers li").first()).containsText("<img src=x onerror=alert(1)>");
    }

    @Test
    void aViewerMayForgetNobody() throws Exception {
        Page page = strangers("viewer");

        Object status = page.evaluate(
                "async stranger => (await fetch('/strangers/discard', {method: 'POST', body: new URLSearchParams({stranger}),"
                        + " headers: {'X-Form-Token': JSON.parse(document.body.getAttribute('hx-headers'))['X-Form-Token']}}))"
                        + ".status",
                first.toString());

        assertThat(status).isEqualTo(403);
    }

    @Test
    void everybodyCanUseIt() throws Exception {
        browser.show("strangers", "/strangers");
    }
}
