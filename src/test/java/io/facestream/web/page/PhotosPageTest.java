package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.RequestOptions;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.frames.TestPictures;
import io.facestream.web.commands.Commands;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Photos are enrolled by the page, through Kafka and the role enrolment, in a real browser. */
@QuarkusTest
@Tag("own-process")
@TestProfile(PhotosPageTest.WithEnrolment.class)
class PhotosPageTest extends PageTest {
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final byte[] NO_PHOTO = "no photo".getBytes(UTF_8);
    private static final String HOSTILE = "<img src=x onerror=alert(1)>.jpg";

    private static final int PATIENCE_MILLIS = 60_000;

    @Inject
    Commands commands;

    public static class WithEnrolment extends ChangesPageTest.WithCuration {
        @Override
        public String getConfigProfile() {
            return "test,web,enrolment";
        }
    }

    @BeforeEach
    void open() throws Exception {
        // The first photo of an application waits for its networks, and nothing is sent before the answers are
        // followed.
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> commands.enrol("Nobody", NO_PHOTO, Duration.ofMinutes(1))
                                .toCompletableFuture()
                                .join()
                        instanceof EnrolmentAnswer.Rejected);
    }

    private Page at(String path, String role) throws Exception {
        Page page = browser.signedIn(role);
        page.navigate(path);
        return page;
    }

    private static void drop(Page page, String name, byte[] photo) {
        Object files = page.evaluateHandle(
                "([name, base64]) => { const files = new DataTransfer();"
                        + " const bytes = Uint8Array.from(atob(base64), each => each.charCodeAt(0));"
                        + " files.items.add(new File([bytes], name)); return files; }",
                new Object[] {name, Base64.getEncoder().encodeToString(photo)});
        page.locator("form.drop").dispatchEvent("drop", Map.of("dataTransfer", files));
    }

    private static void assertTold(Page page, String text) {
        Locator line = page.locator(".outcomes li");
        assertThat(line).containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    @Test
    void aDroppedPhotoIsAcceptedAndThereWithoutReload() throws Exception {
        Page page = at("/people/" + data.person("Grace Hopper"), "operator");

        drop(page, "us-navy.jpg", GRACE);

        assertTold(page, "us-navy.jpg Accepted.");
        assertThat(page.locator(".photos img")).hasCount(1);
    }

    @Test
    void somebodyNewIsEnrolledFromPeople() throws Exception {
        Page page = at("/people", "operator");
        page.locator("form.drop [name=name]").fill("Grace Hopper");

        page.locator("form.drop [type=file]").setInputFiles(new FilePayload("us-navy.jpg", "image/jpeg", GRACE));

        assertTold(page, "us-navy.jpg Accepted.");
        assertThat(page.locator(".people strong")).hasText("Grace Hopper");
    }

    @Test
    void photosThatAreChosenBeforeTheNameWaitForIt() throws Exception {
        Page page = at("/people", "operator");
        drop(page, "us-navy.jpg", GRACE);
        assertThat(page.locator("form.drop [name=name]")).isFocused();

        page.locator("form.drop [name=name]").fill("Grace Hopper");
        page.keyboard().press("Enter");

        assertTold(page, "us-navy.jpg Accepted.");
        assertThat(page.locator(".people strong")).hasText("Grace Hopper");
    }

    @Test
    void whatIsNoPhotoIsRefusedInWordsBesideItsHostileName() throws Exception {
        Page page = at("/people/" + data.person("Grace Hopper"), "operator");

        drop(page, HOSTILE, NO_PHOTO);

        assertTold(page, HOSTILE + " This is no picture that can be read.");
        assertThat(page.locator(".outcomes img")).hasCount(0);
    }

    @Test
    void aViewerMayEnrolNobody() throws Exception {
        UUID grace = data.person("Grace Hopper");
        Page page = at("/people/" + grace, "viewer");

        assertThat(page.locator("form.drop")).hasCount(0);
        Object token = page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-Form-Token']");
        assertThat(page.request()
                        .post(
                                "/people/" + grace + "/photos",
                                RequestOptions.create()
                                        .setHeader("Origin", "http://127.0.0.1:" + api.port())
                                        .setHeader(PageGuard.FORM_TOKEN, (String) token)
                                        .setHeader("Content-Type", "application/octet-stream")
                                        .setData(GRACE))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void everybodyCanUseTheForm() throws Exception {
        browser.show("person-photos", "/people/" + data.person("Grace Hopper"));
    }
}
