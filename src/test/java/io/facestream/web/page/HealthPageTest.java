package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How well it goes, as people see it in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class HealthPageTest extends PageTest {
    @BeforeEach
    void open() throws Exception {
        data.visit("a", data.person("Grace Hopper"), "entrance", 3, null);
        data.visit("b", null, "garden", 2, "too-small");
        data.visit("c", null, "<b>yard</b>", 1, "too-small");
        data.visit("d", null, "garden", 1, "nobody-near");
    }

    @Test
    void reasonsWhyNobodyWasNamedAreCountedTheMostFrequentFirst() throws Exception {
        Page page = browser.signedIn("viewer");

        page.navigate("/health");

        assertThat(page.locator(".bars tbody tr")).containsText(new String[] {
            "Recognised1 25 %", "The face was too small2 50 %", "Looks like nobody who is enrolled1 25 %"
        });
    }

    @Test
    void aCameraLeadsToItsVisits() throws Exception {
        Page page = browser.signedIn("viewer");
        page.navigate("/health");

        page.getByText("<b>yard</b>").click();

        assertThat(page.locator(".visit .where")).hasText("<b>yard</b>");
    }

    @Test
    void everybodyCanUseIt() throws Exception {
        browser.show("health", "/health");
    }
}
