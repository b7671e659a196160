package io.facestream.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.transaction.RollbackException;
import java.io.IOException;
import java.sql.SQLException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {
    @Test
    void kafkaDisksAndTransactionsThatAreRolledBackAreOutages() {
        assertThat(Outage.is(new TimeoutException("no answer"))).isTrue();
        assertThat(Outage.is(new IllegalStateException("wrapped", new IOException("disk full"))))
                .isTrue();
        assertThat(Outage.is(new IllegalStateException(new RollbackException("timed out"))))
                .isTrue();
        assertThat(Outage.is(new SQLException("Sorry, acquisition timeout!"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"08006", "25006", "28P01", "40P01", "42501", "42P01", "53100", "55006", "57P01", "58030", "XX001"
            })
    void whatAnOperatorHasToMendIsAnOutage(String state) {
        assertThat(Outage.is(new RuntimeException(new SQLException("no", state))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"21000", "22003", "22P02", "23505", "54000", "XX000"})
    void whatAValueIsToBlameForIsNone(String state) {
        assertThat(Outage.is(new RuntimeException(new SQLException("no", state))))
                .isFalse();
    }

    /** Jackson's exceptions are IOExceptions. */
    @Test
    void brokenJsonIsNone() {
        JsonProcessingException broken =
                catchThrowableOfType(JsonProcessingException.class, () -> new ObjectMapper().readTree("{"));

        assertThat(Outage.is(broken)).isFalse();
        assertThat(Outage.is(new IllegalArgumentException("no"))).isFalse();
    }
}
