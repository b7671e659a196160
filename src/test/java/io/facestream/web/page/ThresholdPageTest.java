package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.facestream.embedded.TestServices;
import io.facestream.identities.Candidate;
import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.KafkaConnection;
import io.facestream.web.WebApi;
import io.facestream.web.live.LiveRecords;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What another target would have made of real events on a real broker, in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class ThresholdPageTest extends PageTest {
    private static final String NOBODY = "b".repeat(8);

    private KafkaProducer<byte[], byte[]> producer;
    private UUID grace;

    @BeforeEach
    void open() throws Exception {
        producer = KafkaConnection.to(TestServices.kafka().bootstrapServers()).producer(Map.of("linger.ms", 0));
        grace = data.person("Grace <b>Hopper</b>");
        data.photo(grace, 0);
    }

    @AfterEach
    void close() {
        producer.close();
    }

    /** A visit of two seconds, whose faces lie between what two targets allow. */
    private void pass(String camera, int minutesAgo, UUID nearest, double less, double more) throws Exception {
        float distance = (threshold(less) + threshold(more)) / 2;
        boolean isKnown = distance <= threshold(0.005);
        LiveRecords records = new LiveRecords(producer);
        for (int second = 0; second < 3; second++) {
            records.recognise(
                    camera,
                    data.now().minus(Duration.ofMinutes(minutesAgo)).plusSeconds(second),
                    new IdentityEvent.Judgement(
                            isKnown ? Identification.Decision.KNOWN : Identification.Decision.UNKNOWN,
                            null,
                            isKnown ? nearest : null,
                            isKnown ? NOBODY : null,
                            null,
                            distance,
                            null,
                            null,
                            threshold(0.005),
                            0.05f,
                            List.of(new Candidate(nearest, NOBODY, distance, 0))));
        }
    }

    private float threshold(double target) throws Exception {
        return Float.parseFloat(api.query("select facestream.match_threshold('mobilefacenet-1', ?)", target)
                .get(0));
    }

    private Page compared(String target) throws Exception {
        Page page = browser.signedIn("viewer");
        page.navigate("/health");
        page.getByText("What another threshold would change").click();
        page.getByLabel("Strangers who may be taken for somebody").fill(target);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Compare"))
                .click();
        page.waitForURL("**/threshold?target=*");
        return page;
    }

    @Test
    void aStricterTargetMissesWhoIsHardlyRecognisedNow() throws Exception {
        data.visit("a", grace, "entrance", 3, null);
        pass("entrance", 3, grace, 0.001, 0.005);

        Page page = compared("0.1");

        assertThat(page.locator("#missed li")).hasCount(1);
        assertThat(page.locator("#missed h3")).hasText("Grace <b>Hopper</b>");
        assertThat(page.locator("#missed img")).hasCount(1);
        assertThat(page.locator("#added li")).hasCount(0);
        assertThat(page.locator("tr.chosen td.number").nth(2)).hasText("1");
    }

    @Test
    void aLooserTargetNamesWhoHasNoNameNow() throws Exception {
        data.visit("a", null, "entrance", 3, "nobody-near");
        pass("entrance", 3, grace, 0.005, 0.02);

        Page page = compared("2");

        assertThat(page.locator("#added h3")).hasText("Grace <b>Hopper</b>");
        assertThat(page.locator("#missed li")).hasCount(0);
    }

    @Test
    void theTargetInForceChangesNobody() throws Exception {
        pass("entrance", 3, grace, 0.001, 0.005);
        pass("yard", 5, grace, 0.005, 0.02);

        Page page = compared("0.5");

        assertThat(page.locator("#missed li")).hasCount(0);
        assertThat(page.locator("#added li")).hasCount(0);
        assertThat(page.locator("tr.chosen td.number").nth(1)).hasText("1");
    }

    @Test
    void whoWasErasedIsNotNamedAgainByTheTopic() throws Exception {
        UUID erased = data.person("Erased");
        pass("entrance", 3, erased, 0.001, 0.005);
        api.execute("delete from facestream.identity where id = ?", erased);

        Page page = compared("0.1");

        assertThat(page.locator("#missed li")).hasCount(0);
        assertThat(page.content()).contains("not in the gallery any more").doesNotContain(NOBODY);
    }

    @Test
    void theKeyboardIsEnoughToCompare() throws Exception {
        data.visit("a", grace, "entrance", 3, null);
        pass("entrance", 3, grace, 0.001, 0.005);
        Page page = browser.signedIn("viewer");
        page.navigate("/threshold");
        Chromium.tabTo(page, page.getByLabel("Strangers who may be taken for somebody"));
        page.keyboard().press("Control+A");
        page.keyboard().type("0.1");
        page.keyboard().press("Tab");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");

        page.waitForURL("**/threshold?target=0.1&days=*");
        assertThat(page.locator("#missed li")).hasCount(1);
    }

    @Test
    void aTargetThatIsNoneIsRefused() throws Exception {
        Page page = browser.signedIn("viewer");

        assertThat(page.navigate("/threshold?target=NaN").status()).isEqualTo(400);
    }

    @Test
    void everybodyCanUseIt() throws Exception {
        data.visit("a", grace, "entrance", 3, null);
        pass("entrance", 3, grace, 0.001, 0.005);
        pass("yard", 5, grace, 0.005, 0.02);

        browser.show("threshold", "/threshold?target=0.1&days=1");
        browser.show("threshold-looser", "/threshold?target=2&days=1");
    }
}
