package io.facestream.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.RecordedLogs;
import io.smallrye.reactive.messaging.kafka.i18n.KafkaLogging;
import java.util.List;
import java.util.logging.Logger;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages go through SmallRye's own logger. */
class ChannelLogTest {
    private final Logger smallRye = Logger.getLogger("io.smallrye.reactive.messaging.kafka");
    private RecordedLogs logs;

    @BeforeEach
    void filter() {
        logs = new RecordedLogs();
        new ChannelLog().begin(null);
    }

    @AfterEach
    void stop() {
        smallRye.setFilter(null);
        logs.close();
    }

    private List<String> lines() {
        return logs.warningsOf(ChannelLog.class);
    }

    @Test
    void aFailureThatComesAgainAndAgainIsOneLineThatSaysWhatToMend() {
        for (int i = 0; i < 50; i++) {
            KafkaLogging.log.pollFailureRetry(
                    "kafka-consumer-x", "x", GroupAuthorizationException.forGroupId("facestream-x-live-1"));
        }

        assertThat(lines())
                .containsExactly(
                        "SRMSG18285: Failed to poll consumer client `kafka-consumer-x` for channel `x`, it will be"
                                + " re-attempted: this client's principal may not use the consumer group"
                                + " facestream-x-live-1:"
                                + " grant it, as docs/kafka-acls.sh does for each role");
        assertThat(logs.text()).doesNotContain("\tat ");
    }

    @Test
    void everyChannelHasALineOfItsOwn() {
        KafkaLogging.log.unableToWrite("x", "topic", new TimeoutException("away"));
        KafkaLogging.log.unableToWrite("y", "topic", new TimeoutException("away"));

        assertThat(lines()).hasSize(2).allMatch(line -> line.endsWith("away"));
    }

    @Test
    void aRecordThatCouldNotBeSentIsNotWritten() {
        KafkaLogging.log.nackingMessage(Message.of("a name"), "x", "topic", new TimeoutException("away"));

        assertThat(logs.text()).doesNotContain("a name", "away");
    }

    @Test
    void aWarningWithoutAnExceptionStaysAsItIs() {
        KafkaLogging.log.messageStillUnprocessedAfterTimeout(3);

        assertThat(logs.text()).contains("SRMSG18245");
    }
}
