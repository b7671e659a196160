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
        browser.show("health-erasures", "/health", page -> page.locator("#stages").waitFor());
    }
}
