package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.RequestOptions;
import io.facestream.embedded.TestServices;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Versions and trainings, as people see them and ask for them in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class ModelsPageTest extends PageTest {
    private static final String EPOCHS =
            "{\"epochs\": [{\"epoch\": 1, \"loss\": 0.21, \"activeShare\": 0.5, \"intra\": 0.7,"
                    + " \"inter\": 1.3, \"validationTar\": 0.91, \"photosPerSecond\": 80,"
                    + " \"seconds\": 90.4, \"epochs\": 20}]}";

    private static final String METRICS = "{\"comparisons\": [{\"photos\": \"clean\", \"far\": 0.01, \"baseTar\": 0.9,"
            + " \"tar\": 0.93, \"gainLow\": 0.01, \"gainHigh\": 0.05}]}";

    private KafkaConsumer<byte[], byte[]> commands;

    @BeforeEach
    void open() throws Exception {
        forget();
        api.execute("insert into facestream.model_version (version, architecture, dimensions, input_side,"
                + " mirror_averaging, status, threshold, separation, metrics, sha256, parent) select 'tuned-2',"
                + " architecture, dimensions, input_side, mirror_averaging, 'candidate', threshold, separation, '"
                + METRICS + "', sha256('tuned'), version from facestream.model_version where status = 'active'");
    }

    @AfterEach
    void forget() throws Exception {
        api.execute("delete from facestream.training_command");
        api.execute("delete from facestream.model_version where version = 'tuned-2'");
        if (commands != null) {
            commands.close();
        }
    }

    private UUID training(String state) throws Exception {
        UUID id = UUID.randomUUID();
        api.execute(
                "insert into facestream.training_command (id, command, kind, state, epochs) values (?,"
                        + " '{\"command\": \"fine-tune\", \"epochs\": 20}', 'fine-tune', ?, '" + EPOCHS + "')",
                id,
                state);
        return id;
    }

    private Page models(String role) throws Exception {
        Page page = browser.signedIn(role);
        page.navigate("/models");
        return page;
    }

    /** Reads commands from now on. */
    private void follow() {
        commands = KafkaConnection.to(TestServices.kafka().bootstrapServers()).consumer(Map.of());
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !commands.partitionsFor(
                        Topic.TRAINING_COMMANDS.topicName())
                .isEmpty());
        List<TopicPartition> partition = List.of(new TopicPartition(Topic.TRAINING_COMMANDS.topicName(), 0));
        commands.assign(partition);
        commands.seekToEnd(partition);
        commands.position(partition.get(0));
    }

    private TrainingCommand sent() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            commands.poll(Duration.ofMillis(200)).forEach(found::add);
            return !found.isEmpty();
        });
        return Json.read(found.get(0).value(), TrainingCommand.class);
    }

    @Test
    void aCandidateStandsBesideItsBaseWithWhatIsGained() throws Exception {
        Page page = models("viewer");

        assertThat(page.locator(".version:has-text('tuned-2') tbody :is(th, td)"))
                .hasText(new String[] {"clean, FAR 0.01", "90.00\u00a0%", "93.00\u00a0%", "1.00 … 5.00"});
        assertThat(page.locator(".version.active h3")).containsText("in force");
    }

    @Test
    void aTrainingIsFollowedWithoutAReload() throws Exception {
        Page page = models("viewer");
        assertThat(page.getByText("There was no training yet.")).isVisible();

        UUID id = training("running");

        assertThat(page.locator("#training-" + id + " tbody :is(th, td)"))
                .hasText(new String[] {"1", "0.21", "1.30", "0.70", "0.91"});
        assertThat(page.locator("#training-" + id + " h3")).containsText("running");
    }

    @Test
    void whoReadsOrPressesSomethingIsNotDisturbedByTheNextEpoch() throws Exception {
        UUID running = training("running");
        UUID done = training("done");
        Page page = models("operator");
        page.locator("#training-" + running + " summary").click();
        page.locator("#training-" + done + " summary").click();
        page.getByText("Stop this training").focus();

        api.execute("update facestream.training_command set epochs = jsonb_set(epochs, '{epochs,0,loss}', '0.19')");

        assertThat(page.locator("#training-" + done + " tbody td").first()).hasText("0.19");
        assertThat(page.locator("#training-" + done + " tbody")).isVisible();
        assertThat(page.locator("#training-" + running + " tbody")).isHidden();
        assertThat(page.getByText("Stop this training")).isFocused();
    }

    @Test
    void aTrainingSaysHowManyEpochsAreDoneAndHowLongItTakesStill() throws Exception {
        UUID id = training("running");
        Page page = models("viewer");

        assertThat(page.locator("#training-" + id + " .left"))
                .containsText(Pattern.compile(
                        "Epoch 1 of 20 at most is done\\. An epoch takes 1 min 30 s: at most 28 min .*"));
    }

    @Test
    void anAdministratorPutsACandidateInForceThroughTheRoleTraining() throws Exception {
        follow();
        Page page = models("admin");

        page.locator("button:text-is('Put in force')").click();

        assertThat(page.getByText("It appears below as soon as the role training takes it."))
                .isVisible();
        assertThat(sent())
                .isInstanceOfSatisfying(TrainingCommand.Promote.class, command -> assertThat(command.version())
                        .isEqualTo("tuned-2"));
    }

    @Test
    void anOperatorStartsATrainingWhoseResultWaitsForADecision() throws Exception {
        follow();
        Page page = models("operator");

        page.getByText("Train a new version").click();
        page.getByText("Start a training").click();

        assertThat(page.getByText("It appears below as soon as the role training takes it."))
                .isVisible();
        assertThat(sent()).isInstanceOfSatisfying(FineTune.class, command -> assertThat(command.promote())
                .isEqualTo("manual"));
    }

    @Test
    void theKeyboardIsEnoughToPutACandidateInForce() throws Exception {
        follow();
        Page page = models("admin");

        Chromium.tabTo(page, page.locator("button:text-is('Put in force')"));
        page.keyboard().press("Enter");

        assertThat(page.getByText("It appears below as soon as the role training takes it."))
                .isVisible();
        assertThat(sent()).isInstanceOf(TrainingCommand.Promote.class);
    }

    @Test
    void anOperatorStopsATraining() throws Exception {
        UUID id = training("running");
        follow();
        Page page = models("operator");

        page.getByText("Stop this training").click();

        assertThat(sent()).isInstanceOfSatisfying(TrainingCommand.Cancel.class, command -> assertThat(command.target())
                .isEqualTo(id));
    }

    @Test
    void onlyAnAdministratorPutsAVersionInForce() throws Exception {
        Page page = models("operator");
        assertThat(page.locator("button:text-is('Put in force')")).hasCount(0);

        String token = (String) page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-Form-Token']");
        int status = page.request()
                .post(
                        "/models/tuned-2/promote",
                        RequestOptions.create()
                                .setHeader("X-Form-Token", token)
                                .setHeader("Origin", "http://127.0.0.1:" + api.port()))
                .status();

        assertThat(status).isEqualTo(403);
    }

    @Test
    void everybodyCanUseIt() throws Exception {
        training("running");

        browser.show("models", "/models");
    }
}
