package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, cameras, tags and messages are texts in every view, whatever they say, in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class HostileTextsPageTest extends PageTest {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    private UUID person;
    private UUID alike;

    @BeforeEach
    void open() throws Exception {
        person = data.person(HOSTILE);
        alike = data.person(HOSTILE + " {page.title}");
        data.photo(person, 0);
        data.photo(alike, 0);
        api.execute("insert into facestream.identity_tag (identity_id, tag) values (?, ?)", person, HOSTILE);
        data.visit("a", person, HOSTILE, 3, null);
        data.visit("b", null, HOSTILE, 2, "too-small");
        data.stranger("c", 1, HOSTILE);
        api.execute("insert into facestream.alert_target (name, keep) values ('phone', interval '7 days')");
        api.execute(
                "insert into facestream.alert_rule (name, known, strangers, unknown, tags, cameras, spans, zone,"
                        + " cool_down, targets) values ('night', true, false, false, array[?], array[?], '{}', 'UTC',"
                        + " interval '0', '{phone}')",
                HOSTILE,
                HOSTILE);
        api.execute("insert into facestream.alert_rule_person (rule, identity_id) values ('night', ?)", person);
        api.execute(
                "insert into facestream.training_command (id, command, kind, state, epochs, result) values ("
                        + "gen_random_uuid(), '{\"command\": \"fine-tune\"}', 'fine-tune', 'failed', '[]',"
                        + " jsonb_build_object('outcome', 'failed', 'message', ?::text))",
                HOSTILE);
    }

    @AfterEach
    void clear() throws Exception {
        api.execute("delete from facestream.alert_rule");
        api.execute("delete from facestream.alert_target");
        api.execute("delete from facestream.training_command");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/people",
                "/people/PERSON",
                "/people/PERSON/alike",
                "/visit?source=%2Fcameras%2F%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E&visit=a",
                "/strangers",
                "/alerts",
                "/models",
                "/health",
                "/map"
            })
    void whatSomebodyWroteIsText(String path) throws Exception {
        Page page = browser.signedIn("admin");

        page.navigate(path.replace("PERSON", person.toString()));

        // An element that ran would have asked for x, which the browser's log would tell, or shown a dialog.
        assertThat(page.locator("img[src=x]")).hasCount(0);
        assertThat(page.locator("html").innerHTML()).contains("&lt;img src=x onerror=alert(1)&gt;");
    }
}
