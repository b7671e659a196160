package io.facestream.sightings.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.frames.FrameInfo;
import io.facestream.messaging.RecordPointer;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class FrameTimeTest {
    private static final long SO_FAR = 1_000;

    private static long timeOf(Instant appended) {
        FrameInfo frame = new FrameInfo(
                "a", "/cameras/a", "a", appended, appended, 1280, 720, new RecordPointer("camera-frames", 0, 1), null);
        Object mark = new Input.Mark(frame, Input.Side.EVENTS);
        return new FrameTime().extract(new ConsumerRecord<>(SightingsTopic.EVENTS, 0, 1, "a", mark), SO_FAR);
    }

    @Test
    void aFramesTimeIsWhenItWasAppendedThoughTheBrokersClockIsAhead() {
        Instant ahead = Instant.now().plus(Duration.ofMinutes(20));

        assertThat(timeOf(ahead)).isEqualTo(ahead.toEpochMilli());
    }

    @Test
    void aTimeThatABrokerRefusesForTheChangelogsIsNotTaken() {
        assertThat(timeOf(Instant.now().plus(Duration.ofMinutes(61)))).isEqualTo(SO_FAR);
    }
}
