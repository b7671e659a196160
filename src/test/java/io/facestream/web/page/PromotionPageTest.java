package io.facestream.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.facestream.AllRoles;
import io.facestream.embedded.TestServices;
import io.facestream.faces.FrameMark;
import io.facestream.frames.TestPictures;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.models.VersionChanges;
import io.facestream.web.WebApi;
import io.facestream.web.live.LiveRecords;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A network is trained, put in force and taken back by the page, and cameras' faces are recognised by it meanwhile. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class PromotionPageTest extends PageTest {
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final String CAMERA = "promotion-page";
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String SHIPPED = "mobilefacenet-1";

    private final VersionChanges versions = new VersionChanges(WebApi.owner());
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> events;
    private String trained;

    @BeforeEach
    void connect() throws Exception {
        KafkaConnection kafka = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        producer = kafka.producer(Map.of("linger.ms", 0));
        events = kafka.consumer(Map.of());
        List<TopicPartition> partitions = events.partitionsFor(Topic.IDENTITY_EVENTS.topicName()).stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
        events.assign(partitions);
        events.seekToEnd(partitions);
        partitions.forEach(events::position);
        // Trainings of other tests, some of whose versions are there still.
        api.execute("update facestream.model_version set training_command = null");
        api.execute("delete from facestream.training_command");
    }

    @AfterEach
    void leaveTheShippedNetworkInForce() throws Exception {
        producer.close();
        events.close();
        versions.promote(SHIPPED);
        if (trained != null) {
            versions.retire(trained);
        }
        data.clear();
    }

    /** Films Grace Hopper until she is recognised by that version. */
    private void awaitRecognition(String version) {
        LiveRecords films = new LiveRecords(producer);
        Awaitility.await().atMost(PATIENCE).pollInSameThread().until(() -> {
            films.film(CAMERA, GRACE);
            for (ConsumerRecord<byte[], byte[]> record : events.poll(Duration.ofMillis(200))) {
                if (isOfGrace(record, version)) {
                    return true;
                }
            }
            return false;
        });
    }

    private static boolean isOfGrace(ConsumerRecord<byte[], byte[]> record, String version) throws RejectedException {
        if (CloudEventRecords.require(record).getType().equals(FrameMark.TYPE)) {
            return false;
        }
        IdentityEvent event = Json.read(record.value(), IdentityEvent.class);
        return event.origin().camera().equals(CAMERA)
                && event.modelVersion().equals(version)
                && Objects.equals(event.judgement().name(), "Grace_Hopper");
    }

    private String inForce() throws Exception {
        return String.join(", ", api.query("select version from facestream.model_version where status = 'active'"));
    }

    private static void assertShown(Locator version, String status) {
        assertThat(version.locator(".tag"))
                .hasText(status, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE.toMillis()));
    }

    @Test
    void aTrainedVersionIsPutInForceAndTakenBackAndFacesAreRecognisedByIt() throws Exception {
        Page page = browser.signedIn("admin");
        DemoPageTest.enrol(page);
        awaitRecognition(SHIPPED);
        page.navigate("/models");
        page.getByText("Train a new version").click();
        page.getByText("Start a training").click();

        Locator training = page.locator("[id^=training-]").last();
        assertShown(training, "done");
        assertThat(training).containsText("a candidate, for you to decide");
        trained = training.locator("bdi").textContent();
        Locator version = page.locator(".version:not([id]):has(h3 bdi:text-is('" + trained + "'))");
        Locator shipped = page.locator(".version:not([id]):has(h3 bdi:text-is('" + SHIPPED + "'))");
        assertShown(version, "candidate");
        assertThat(inForce()).isEqualTo(SHIPPED);

        version.getByText("Put in force").click();
        assertShown(version, "in force");
        assertShown(shipped, "was in force");
        assertThat(inForce()).isEqualTo(trained);
        awaitRecognition(trained);

        version.getByText("Back to the version before").click();
        assertShown(shipped, "in force");
        assertThat(inForce()).isEqualTo(SHIPPED);
        assertThat(version.locator(".tag")).not().hasText("in force");
        awaitRecognition(SHIPPED);
    }
}
