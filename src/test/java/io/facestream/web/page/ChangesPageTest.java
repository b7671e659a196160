package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.RequestOptions;
import io.facestream.embedded.TestServices;
import io.facestream.faces.TestChips;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.GallerySchema;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.web.WebApi;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** People are changed by the page, through Kafka and the role curation, in a real browser. */
@QuarkusTest
@Tag("own-process")
@TestProfile(ChangesPageTest.WithCuration.class)
class ChangesPageTest extends PageTest {
    private UUID grace;

    public static class WithCuration implements QuarkusTestProfile {
        @Override
        public String getConfigProfile() {
            return "test,web,curation";
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Services.class));
        }
    }

    /** Tells the application where broker and database are. */
    public static final class Services implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            TestServices.Postgres postgres = TestServices.postgres();
            try {
                GallerySchema.migrate(WebApi.owner());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return Map.of(
                    "kafka.bootstrap.servers", TestServices.kafka().bootstrapServers(),
                    "quarkus.datasource.jdbc.url", postgres.jdbcUrl(),
                    "quarkus.datasource.username", postgres.userName(),
                    "quarkus.datasource.password", postgres.password());
        }

        @Override
        public void stop() {
            // They belong to all tests of this JVM, and end with it.
        }
    }

    @BeforeEach
    void open() throws Exception {
        grace = data.person("Grace Murray");
        data.photo(grace, 0);
        data.visit("a", grace, "entrance", 3, null);
    }

    private Page changing(UUID person, String role) throws Exception {
        Page page = browser.signedIn(role);
        page.navigate("/people/" + person);
        page.getByText("Change this person").click();
        return page;
    }

    private static void rename(Page page, String name) {
        page.getByLabel("Full name").fill(name);
        page.getByText("Rename", new Page.GetByTextOptions().setExact(true)).click();
    }

    @Test
    void whoIsRenamedIsSoInPastVisitsAndBackAgainByUndo() throws Exception {
        Page page = changing(grace, "operator");

        rename(page, "Grace Hopper");
        assertThat(page.locator("h1")).hasText("Grace Hopper");
        assertThat(page.locator(".visit h3")).hasText("Grace Hopper");

        page.getByText("Undo").click();
        assertThat(page.locator("h1")).hasText("Grace Murray");
    }

    @Test
    void theKeyboardIsEnoughToRename() throws Exception {
        Page page = browser.signedIn("operator");
        Chromium.tabTo(page, page.locator("nav a[href='/people']"));
        page.keyboard().press("Enter");
        page.waitForURL("**/people");
        Chromium.tabTo(page, page.locator(".people a.card"));
        page.keyboard().press("Enter");
        page.waitForURL("**/people/" + grace);
        Chromium.tabTo(page, page.getByText("Change this person"));
        page.keyboard().press("Space");
        page.keyboard().press("Tab");
        page.keyboard().press("Control+A");
        page.keyboard().type("Grace Hopper");
        page.keyboard().press("Enter");

        assertThat(page.locator("h1")).hasText("Grace Hopper");
        Chromium.tabTo(page, page.getByText("Undo"));
        page.keyboard().press("Space");
        assertThat(page.locator("h1")).hasText("Grace Murray");
    }

    @Test
    void theKeyboardIsEnoughToSayWhoAVisitOfTodayIsOf() throws Exception {
        data.visit("b", null, "garden", 2, "nobody-near");
        Page page = browser.signedIn("operator");
        Chromium.tabTo(page, page.getByText("Who is this?"));
        page.keyboard().press("Enter");
        page.waitForURL("**/visit?*");
        Chromium.tabTo(page, page.getByLabel("Full name"));
        page.keyboard().type("Grace Murray");
        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        assertThat(page.getByLabel("Recognise them by the visit's best picture"))
                .not()
                .isChecked();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");

        assertThat(page.locator("h1")).hasText("Grace Murray");
        assertThat(page.locator(".visit")).hasCount(2);
    }

    @Test
    void aNameThatIsTakenIsRefusedInWords() throws Exception {
        data.person("Eileen Collins");
        Page page = changing(grace, "operator");

        rename(page, "Eileen Collins");

        assertThat(page.locator("#answer .failure")).hasText("Somebody else has that name.");
        assertThat(page.locator("h1")).hasText("Grace Murray");
    }

    @Test
    void whoIsMergedLeavesVisitsAndPhotosToTheOtherOne() throws Exception {
        UUID admiral = data.person("Admiral");
        Page page = changing(admiral, "operator");

        page.getByLabel("Is the same person as").fill("Grace Murray");
        page.getByText("Merge", new Page.GetByTextOptions().setExact(true)).click();

        assertThat(page.locator(".notice")).containsText("one person now");
        assertThat(page.locator(".visit h3")).hasText("Admiral");
        assertThat(page.locator(".photos img")).hasCount(1);
    }

    @Test
    void tagsComeAndGo() throws Exception {
        Page page = changing(grace, "operator");

        page.getByLabel("Tag").fill("<b>navy</b>");
        page.getByText("Add", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator("header .tag")).hasText("<b>navy</b>");

        page.getByText("Change this person").click();
        page.getByText("Remove tag").click();
        assertThat(page.locator("header .tag")).hasCount(0);
    }

    @Test
    void nobodyIsAlertedAboutWhoIsIgnored() throws Exception {
        Page page = changing(grace, "operator");

        page.getByText("Alert nobody about this person").click();

        assertThat(page.locator("header.person")).containsText("Nobody is alerted about this person.");
    }

    @Test
    void aPersonIsAddedByName() throws Exception {
        Page page = browser.signedIn("operator");
        page.navigate("/people");

        page.getByText("Add a person").click();
        page.locator("form[hx-post='/people']").getByLabel("Full name").fill("محمد <i>");
        page.getByText("Add", new Page.GetByTextOptions().setExact(true)).click();

        assertThat(page.locator("h1")).hasText("محمد <i>");
    }

    @Test
    void aVisitThatIsNotThePersonsIsNobodysAndBackAgainByUndo() throws Exception {
        Page page = browser.signedIn("operator");
        page.navigate("/");

        page.locator(".say a").click();
        page.locator("form[hx-post='/visit/not'] button").click();
        assertThat(page.locator("h1")).hasText("Somebody unknown");
        assertThat(page.locator(".notice")).containsText("not taken for that person any more");

        page.getByText("Undo").click();
        assertThat(page.locator("h1")).hasText("Grace Murray");
        assertThat(page.locator(".notice")).hasText("It is as it was before.");
    }

    @Test
    void aVisitOfSomebodyUnknownGetsAPersonWhoIsRecognisedByItsPicture() throws Exception {
        data.visit("b", null, "garden", 2, "nobody-near");
        data.shot("b", null, "garden", TestChips.of(TestPictures.sample("people/Grace_Hopper/us-navy.jpg")));
        Page page = browser.signedIn("operator");
        page.navigate("/?who=unnamed");

        page.locator(".say a").click();
        page.getByLabel("Full name").fill("Eileen <b>");
        page.locator("form[hx-post='/visit/name'] button").click();

        assertThat(page.locator("h1")).hasText("Eileen <b>");
        assertThat(page.locator(".visit h3")).hasText("Eileen <b>");
        assertThat(page.locator(".photos img")).hasCount(1);
    }

    @Test
    void aVisitWhosePictureBecomesNoPhotoIsNamedAllTheSame() throws Exception {
        data.visit("b", null, "garden", 2, "nobody-near");
        Page page = browser.signedIn("operator");
        page.navigate("/visit?source=%2Fcameras%2Fgarden&visit=b");

        page.getByLabel("Full name").fill("Eileen Collins");
        page.locator("form[hx-post='/visit/name'] button").click();

        assertThat(page.locator("h1")).hasText("Eileen Collins");
        assertThat(page.locator(".notice")).containsText("The visit has a name.");
        assertThat(page.locator(".notice")).containsText("The picture is not kept any more.");
    }

    @Test
    void aVisitIsNamedWithoutBeingLearntFrom() throws Exception {
        data.visit("b", null, "garden", 2, "nobody-near");
        Page page = browser.signedIn("operator");
        page.navigate("/visit?source=%2Fcameras%2Fgarden&visit=b");

        page.getByLabel("Full name").fill("Grace Murray");
        page.getByLabel("Recognise them by the visit's best picture").uncheck();
        page.locator("form[hx-post='/visit/name'] button").click();

        assertThat(page.locator("h1")).hasText("Grace Murray");
        assertThat(page.locator(".visit")).hasCount(2);
        assertThat(page.locator(".photos img")).hasCount(1);
    }

    @Test
    void aViewerSaysOfNoVisitWhoseItIs() throws Exception {
        Page page = browser.signedIn("viewer");
        page.navigate("/");

        assertThat(page.locator(".visit")).hasCount(1);
        assertThat(page.locator(".say")).hasCount(0);
        assertThat(page.navigate("/visit?source=%2Fcameras%2Fentrance&visit=a").status())
                .isEqualTo(403);
    }

    @Test
    void everybodyCanSayWhoAVisitIsOf() throws Exception {
        data.visit("b", null, "garden", 2, "nobody-near");
        browser.show("visit", "/visit?source=%2Fcameras%2Fgarden&visit=b");
    }

    @Test
    void chosenPhotosBecomeSomebodyElsesAndAreBackAfterUndo() throws Exception {
        data.anotherPhoto(grace, "{}");
        Page page = browser.signedIn("operator");
        page.navigate("/people/" + grace);
        page.getByText("Chosen photos are of somebody else").click();
        page.getByLabel("Whom they show").fill("Ada");
        page.getByText("Make them this person's").click();
        assertThat(page.locator("#answer .failure")).hasText("Choose photos above first.");

        page.getByLabel("Choose photo 1").check();
        page.getByText("Make them this person's").click();

        assertThat(page.locator(".notice")).containsText("somebody else's now");
        assertThat(page.locator(".photos img")).hasCount(1);
        assertThat(api.query("select name from facestream.photos order by name"))
                .isEqualTo(List.of("Ada", "Grace Murray"));
        page.getByText("Undo").click();
        assertThat(page.locator(".photos img")).hasCount(2);
    }

    @Test
    void photosSayHowGoodTheyAre() throws Exception {
        data.anotherPhoto(grace, "{\"size\": 119.6, \"sharpness\": 310.2, \"norm\": 64.4}");
        Page page = browser.signedIn("viewer");
        page.navigate("/people/" + grace);

        assertThat(page.locator(".photos .quality")).hasText("120 px, sharpness 310, norm 64");
        assertThat(page.locator(".photos input")).hasCount(0);
    }

    @Test
    void anOperatorOpensTheFrameOfAVisitWhileItIsKeptWhichLeavesARow() throws Exception {
        byte[] frame = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
        data.frame("a", published("entrance", frame));
        Page page = browser.signedIn("operator");
        page.navigate("/visit?source=%2Fcameras%2Fentrance&visit=a");

        String url = page.getByText("The whole frame").getAttribute("href");

        assertThat(page.request().get(url).body()).isEqualTo(frame);
        assertThat(api.query("select detail ->> 'camera' from facestream.audit_trail where action = 'watch-live'"))
                .contains("entrance");
        assertThat(browser.signedIn("viewer").request().get(url).status()).isEqualTo(403);
        // the topic was made anew, and has another camera's frame there
        data.frame("a", published("garden", frame));
        assertThat(page.request().get(url).status()).isEqualTo(404);
    }

    private static RecordMetadata published(String camera, byte[] frame) throws Exception {
        KafkaConnection kafka = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        TopicAdmin.ensure(kafka, new TestTopicsConfig(1, true), List.of(Topic.CAMERA_FRAMES));
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            return producer.send(new ProducerRecord<>(Topic.CAMERA_FRAMES.topicName(), camera.getBytes(UTF_8), frame))
                    .get();
        }
    }

    @Test
    void nobodyIsAlertedAboutWhomAVisitIsOf() throws Exception {
        Page page = browser.signedIn("operator");
        page.navigate("/visit?source=%2Fcameras%2Fentrance&visit=a");

        page.getByText("Alert nobody about this person").click();

        assertThat(page.locator("body")).containsText("Nobody is alerted about this person.");
        assertThat(api.query("select ignored from facestream.people")).isEqualTo(List.of("t"));
    }

    @Test
    void aViewerMayChangeNobody() throws Exception {
        Page page = browser.signedIn("viewer");
        page.navigate("/people/" + grace);

        assertThat(page.getByText("Change this person")).hasCount(0);
        assertThat(page.request()
                        .post(
                                "/people/" + grace + "/ignore",
                                RequestOptions.create()
                                        .setHeader("Origin", "http://127.0.0.1:" + api.port())
                                        .setHeader(PageGuard.FORM_TOKEN, token(page)))
                        .status())
                .isEqualTo(403);
    }

    private static String token(Page page) {
        return (String) page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-Form-Token']");
    }

    @Test
    void everybodyCanUseTheForms() throws Exception {
        browser.show("person-changes", "/people/" + grace);
    }
}
