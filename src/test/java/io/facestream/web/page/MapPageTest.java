package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The map of the gallery, in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class MapPageTest extends PageTest {
    private static final String HOSTILE = "</text><script>alert(1)</script>\"><b>";

    /** Templates on an arc: the first and the last one are farthest from each other. */
    @BeforeEach
    void enrol() throws Exception {
        List<String> names = List.of("Ada", HOSTILE, "Grace", "Katherine");
        for (int i = 0; i < names.size(); i++) {
            data.photo(data.person(names.get(i)), i);
        }
    }

    private static double x(Page page, String name) {
        return Double.parseDouble(
                page.locator("#map a[aria-label='" + name + "'] circle").getAttribute("cx"));
    }

    @Test
    void whoLooksAlikeLiesClose() throws Exception {
        Page page = browser.signedIn("operator");
        page.navigate("/people");

        page.getByText("Map of the gallery").click();

        assertThat(page.locator("#map circle")).hasCount(4);
        double first = x(page, "Ada");
        double last = x(page, "Katherine");
        assertThat(Math.abs(last - first)).isGreaterThan(900);
        assertThat(x(page, "Grace")).isBetween(Math.min(first, last), Math.max(first, last));
        assertThat(Math.abs(x(page, "Grace") - last)).isLessThan(Math.abs(x(page, "Grace") - first));
        assertThat(api.query("select detail ->> 'faces' from facestream.audit_trail where detail ->> 'route' = '/map'"
                        + " order by id desc limit 1"))
                .isEqualTo(List.of("4"));
    }

    @Test
    void itIsZoomedByButtonsAndWheelAndLeadsToPeople() throws Exception {
        Page page = browser.signedIn("operator");
        page.navigate("/map");

        page.getByText("Closer").click();
        assertThat(page.locator("#map")).hasAttribute("viewBox", "250 250 500 500");
        page.locator("#map").hover();
        page.mouse().wheel(0, -100);
        assertThat(page.locator("#map")).hasAttribute("viewBox", Pattern.compile(".* 400 400"));
        page.getByText("The whole map").click();
        assertThat(page.locator("#map")).hasAttribute("viewBox", "0 0 1000 1000");

        page.locator("#map a[aria-label='Grace']").press("Enter");
        assertThat(page.locator("h1")).hasText("Grace");
    }

    @Test
    void someoneAloneAndNobodyAtAllHaveAMapToo() throws Exception {
        Page page = browser.signedIn("operator");
        data.clear();
        page.navigate("/map");
        assertThat(page.locator(".empty")).hasText("Nobody has a photo that counts yet.");
        UUID ada = data.person("Ada");
        data.photo(ada, 0);

        page.navigate("/map");

        assertThat(x(page, "Ada")).isEqualTo(500);
    }

    @Test
    void aViewerHasNone() throws Exception {
        Page page = browser.signedIn("viewer");

        assertThat(page.navigate("/map").status()).isEqualTo(403);
        page.navigate("/people");
        assertThat(page.getByText("Map of the gallery")).hasCount(0);
    }

    @Test
    void everybodyCanUseIt() throws Exception {
        browser.show("map", "/map");
    }
}
