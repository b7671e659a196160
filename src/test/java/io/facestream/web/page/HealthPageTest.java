package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.facestream.cameras.states.CameraReport;
import io.facestream.cameras.states.ReportedStates;
import io.facestream.embedded.TestServices;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How well it goes, as people see it in a real browser. */
@QuarkusTest
@Tag("page")
@TestProfile(WebApi.OnKafka.class)
class HealthPageTest extends PageTest {
    private static final byte[] JPEG = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";
    private static final LocatorAssertions.HasTextOptions PATIENTLY =
            new LocatorAssertions.HasTextOptions().setTimeout(60_000);

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
    void aCameraThatFailsSaysSinceWhenAndWhy() throws Exception {
        ReportedStates.send(
                KafkaConnection.to(TestServices.kafka().bootstrapServers()),
                "garden",
                new CameraReport(CameraReport.State.FAILING, Instant.now(), "Connection refused", "replica-1", null));
        Page page = browser.signedIn("viewer");

        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            page.navigate("/health");
            return page.locator("#cameras tr:has-text('garden')")
                    .textContent()
                    .matches("(?s).*Not playing since\\s.*Connection refused.*");
        });
    }

    @Test
    void theDatabaseSaysWhatTakesItsDisk() throws Exception {
        Page page = browser.signedIn("viewer");

        page.navigate("/health");

        assertThat(page.locator("#storage tbody")).containsText("People and their photos");
        assertThat(page.locator("#storage p")).containsText("The database takes");
    }

    @Test
    void aStageThatIsBehindSaysByHowMuchAndOneThatIsNotThatItKeepsUp() throws Exception {
        String broker = TestServices.kafka().bootstrapServers();
        try (KafkaProducer<byte[], byte[]> producer = KafkaConnection.to(broker).producer(Map.of());
                Admin admin = KafkaConnection.to(broker).admin()) {
            RecordMetadata last = null;
            for (int i = 0; i < 3; i++) {
                last = producer.send(new ProducerRecord<>(Topic.ENROLMENTS.topicName(), 0, null, new byte[] {1}))
                        .get();
            }
            TopicPartition partition = new TopicPartition(last.topic(), last.partition());
            admin.alterConsumerGroupOffsets(
                            "facestream-enrolment", Map.of(partition, new OffsetAndMetadata(last.offset() - 2)))
                    .all()
                    .get();
            admin.alterConsumerGroupOffsets(
                            "facestream-training", Map.of(partition, new OffsetAndMetadata(last.offset() + 1)))
                    .all()
                    .get();
        }
        Page page = browser.signedIn("viewer");

        page.navigate("/health");

        assertThat(page.locator("#stages tr:has-text('Enrolling photos')"))
                .hasText(Pattern.compile("enrolments\\s*3\\s*([0-9]+ min )?[0-9]+ s"), PATIENTLY);
        assertThat(page.locator("#stages tr:has-text('Training')")).hasText(Pattern.compile("keeps up\\s*$"));
        assertThat(page.locator("#topics tr:has-text('camera-frames')")).containsText("1 h");
    }

    /** Where it was put. */
    private static RecordMetadata reject(String topic, String key, byte[] value, RejectReason reason) throws Exception {
        TopicAdmin.ensure(
                KafkaConnection.to(TestServices.kafka().bootstrapServers()),
                new TestTopicsConfig(1, true),
                List.of(Topic.REJECTED_RECORDS));
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaConnection.to(TestServices.kafka().bootstrapServers()).producer(Map.of())) {
            return producer.send(RejectedRecords.of(
                            new ConsumerRecord<>(topic, 0, 42, key.getBytes(UTF_8), value),
                            "detection",
                            new RejectedException(reason, "it is " + key)))
                    .get();
        }
    }

    @Test
    void rejectedRecordsAreCountedByReasonAndPhotosHaveNoName() throws Exception {
        reject("camera-frames", HOSTILE, new byte[] {1}, RejectReason.NOT_AN_IMAGE);
        reject("labelled-faces", HOSTILE, new byte[] {1}, RejectReason.NOT_AN_IMAGE);
        Page page = browser.signedIn("viewer");

        page.navigate("/health");

        assertThat(page.locator("#rejects tr:has-text('Is no picture') td.number"))
                .hasText("2", PATIENTLY);
        page.locator("#rejects summary").click();
        assertThat(page.locator("#rejects tr:has-text('camera-frames-0-42'):has-text('Is no picture')"))
                .containsText(HOSTILE);
        assertThat(page.locator("#rejects tr:has-text('labelled-faces-0-42'):has-text('Is no picture')"))
                .not()
                .containsText(HOSTILE);
    }

    @Test
    void anOperatorLooksAtAFrameThatBrokeOffWhichLeavesARow() throws Exception {
        reject("camera-frames", "broken camera", JPEG, RejectReason.TRUNCATED);
        Page page = browser.signedIn("operator");
        page.navigate("/health");
        page.locator("#rejects summary").click();

        String picture = page.locator("#rejects tr:has-text('broken camera') a").getAttribute("href");

        assertThat(page.request().get(picture)).isOK();
        Assertions.assertThat(page.request().get(picture).body()).isEqualTo(JPEG);
        Assertions.assertThat(api.query(
                        "select detail ->> 'camera' from facestream.audit_trail" + " where action = 'watch-live'"))
                .contains("broken camera");
    }

    @Test
    void aViewerLooksAtNoRejectedFrame() throws Exception {
        RecordMetadata place = reject("camera-frames", "broken camera", JPEG, RejectReason.TRUNCATED);
        Page page = browser.signedIn("viewer");

        Assertions.assertThat(page.request().get(picture(place)).status()).isEqualTo(403);
    }

    @Test
    void aRejectedPhotoOfAPersonIsShownToNobody() throws Exception {
        RecordMetadata place = reject("labelled-faces", "Grace Hopper", JPEG, RejectReason.TRUNCATED);
        Page page = browser.signedIn("admin");

        Assertions.assertThat(page.request().get(picture(place)).status()).isEqualTo(404);
    }

    private static String picture(RecordMetadata place) {
        return "/health/rejects/" + place.partition() + "/" + place.offset() + "/picture";
    }

    @Test
    void everybodyCanUseIt() throws Exception {
        browser.show("health", "/health", page -> assertThat(page.locator("#stages"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(60_000)));
    }
}
