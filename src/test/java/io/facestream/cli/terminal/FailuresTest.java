package io.facestream.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void whatTheCausesSayFollowsFromTheOutermostIn() {
        assertThat(Failures.oneLine(new IllegalStateException(
                        "a record did not arrive", new RuntimeException("in between", new IOException("disk full")))))
                .isEqualTo("a record did not arrive: in between: disk full");
    }

    @Test
    void aCauseThatTheMessageQuotesIsNotRepeated() {
        assertThat(Failures.oneLine(new IllegalStateException("no start: disk full", new IOException("disk full"))))
                .isEqualTo("no start: disk full");
    }

    @Test
    void ofSeveralLinesTheFirstIsEnoughUnlessItAnnouncesTheOthers() {
        assertThat(Failures.oneLine(new IOException("first\n   second\r\nthird")))
                .isEqualTo("first");
        assertThat(Failures.oneLine(new IOException("two faults:\n   one\r\n\n   another")))
                .isEqualTo("two faults: one another");
    }

    @Test
    void aFailureWithoutAMessageIsNamedAfterItsClass() {
        assertThat(Failures.oneLine(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void whatTheFileSystemSaysByTheClassAloneIsSaidInWords() {
        assertThat(Failures.oneLine(new NoSuchFileException("a.jpg"))).isEqualTo("a.jpg: no such file");
        assertThat(Failures.oneLine(new AccessDeniedException("a.jpg"))).isEqualTo("a.jpg: access denied");
        assertThat(Failures.oneLine(new FileSystemException("a.jpg", null, "Input/output error")))
                .isEqualTo("a.jpg: Input/output error");
    }
}
