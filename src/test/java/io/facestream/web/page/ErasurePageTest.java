package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.facestream.AllRoles;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody is erased by the page, and Health says what is waited for until the role curation has verified it. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class ErasurePageTest extends PageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @BeforeEach
    @AfterEach
    void forget() throws Exception {
        data.clear();
        api.execute("delete from facestream.erasure_receipt");
    }

    private UUID somebody() throws Exception {
        UUID person = data.person("Commodore " + UUID.randomUUID());
        data.photo(person, 0);
        data.visit(person.toString(), person, "entrance", 3, null);
        return person;
    }

    private static void erase(Page page, UUID person) {
        page.navigate("/people/" + person);
        page.getByText("Change this person").click();
        page.getByText("Erase this person").click();
        page.locator(".receipt").waitFor();
    }

    /** As if what the role has to wait for had happened: a minute, and all that topics delete by themselves. */
    private void letTimePass() throws Exception {
        api.execute(
                """
                update facestream.erasure_receipt set erased_at = erased_at - interval '1 minute',
                    checked_at = '-infinity', topics = (
                        select jsonb_agg(t || jsonb_build_object('goneAt', now() - interval '1 minute'))
                        from jsonb_array_elements(topics) t)""");
    }

    @Test
    void anErasureIsAmongThoseThatAreNotCompleteUntilItIsVerified() throws Exception {
        Page page = browser.signedIn("admin");
        page.navigate("/health");
        assertThat(page.locator("#storage")).isVisible();
        assertThat(page.locator("#erasures")).hasCount(0);

        erase(page, somebody());
        page.getByText("the erasure leaves the list on the page Health").click();
        Locator erasures = page.locator("#erasures tbody tr");
        assertThat(erasures).hasCount(1);
        Awaitility.await().atMost(PATIENCE).pollInSameThread().untilAsserted(() -> {
            page.reload();
            assertThat(erasures.textContent()).contains("vacuum", "gallery-commands", "labelled-faces");
        });

        letTimePass();
        Awaitility.await().atMost(PATIENCE).pollInSameThread().untilAsserted(() -> {
            page.reload();
            assertThat(erasures.textContent()).contains("vacuum").doesNotContain("gallery-commands");
        });

        Awaitility.await().atMost(PATIENCE).pollInSameThread().until(() -> {
            api.execute("vacuum (analyze)");
            api.execute("update facestream.erasure_receipt set checked_at = '-infinity' where verified_at is null");
            page.reload();
            return erasures.count() == 0;
        });
        assertThat(page.locator("#storage")).isVisible();
        assertThat(api.query("select waiting_for is null from facestream.erasures where verified_at is not null"))
                .containsExactly("t");
    }

    @Test
    void whoIsErasedIsGoneAndTheReceiptSaysWhatWas() throws Exception {
        Page page = browser.signedIn("admin");

        erase(page, somebody());

        assertThat(page.locator(".receipt h1")).hasText("The person is erased");
        assertThat(page.locator(".receipt p").first())
                .hasText(Pattern.compile(
                        "Erased from the database: [1-9][0-9]* rows\\. Left of the person there: nothing\\."));
        page.locator(".receipt summary").click();
        assertThat(page.locator(".receipt details tr:has-text('face_sample') td"))
                .hasText(new String[] {"1", "0"});
        assertThat(page.locator("#topics tr:has-text('labelled-faces') td"))
                .hasText(Pattern.compile(".*[0-9]{1,2}:[0-9]{2}.*"));
        assertThat(page.locator(".receipt")).containsText("backups");
        assertThat(api.query("select 1 from facestream.identity")).isEmpty();
    }

    @Test
    void theKeyboardIsEnoughAndGoesOnAtTheReceipt() throws Exception {
        Page page = browser.signedIn("admin");
        page.navigate("/people/" + somebody());
        Chromium.tabTo(page, page.getByText("Change this person"));
        page.keyboard().press("Enter");
        Chromium.tabTo(page, page.getByText("Erase this person"));
        page.keyboard().press("Enter");

        page.locator(".receipt").waitFor();
        assertThat(page.locator("main")).isFocused();
        page.keyboard().press("Tab");
        assertThat(page.locator(".receipt a").first()).isFocused();
    }

    @Test
    void anOperatorMayNotErase() throws Exception {
        UUID person = somebody();
        Page page = browser.signedIn("operator");
        page.navigate("/people/" + person);
        page.getByText("Change this person").click();
        assertThat(page.getByText("Merge", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(page.getByText("Erase this person")).hasCount(0);

        Object status = page.evaluate(
                "async path => (await fetch(path, {method: 'POST', headers:"
                        + " {'X-Form-Token': JSON.parse(document.body.getAttribute('hx-headers'))['X-Form-Token']}})).status",
                "/people/" + person + "/erase");

        assertThat(status).isEqualTo(403);
        assertThat(api.query("select 1 from facestream.identity")).isNotEmpty();
    }

    @Test
    void everybodyCanReadTheReceipt() throws Exception {
        browser.show("receipt", "/people", page -> {
            try {
                page.navigate("/people/" + somebody());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            page.locator("summary").first().click();
            page.locator("form[action$='/erase'] button").click();
            page.locator(".receipt").waitFor();
        });
        browser.show(
                "health-erasures", "/health", page -> page.locator("#stages").waitFor());
    }
}
