package io.facestream.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.embedded.RecordedLogs;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchStoreTest {
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final BatchStore batches = new BatchStore("visits", stopping);
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void aBatchIsTriedAgainUntilItIsStoredAndOneWarningSaysWhy() throws InterruptedException {
        try (RecordedLogs logs = new RecordedLogs()) {
            batches.store(() -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new SQLException("the database is away");
                }
                if (attempts.get() == 2) {
                    throw new IllegalStateException("a fault of ours");
                }
            });

            assertThat(attempts).hasValue(3);
            assertThat(logs.warningsOf(BatchStore.class))
                    .singleElement()
                    .asString()
                    .contains("visits cannot be stored", "the database is away");
        }
    }

    @Test
    void theEndOfTheProcessEndsTheTries() {
        assertThatThrownBy(() -> batches.store(() -> {
                    stopping.countDown();
                    attempts.incrementAndGet();
                    throw new SQLException("the database is away");
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(attempts).hasValue(1);
    }
}
