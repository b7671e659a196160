package io.facestream.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BackgroundWorkTest {
    private static final Executor NEW_THREAD = work -> new Thread(work).start();

    /** Fields after the name in parentheses, which may hold anything; nice is the 19th of all, by proc(5). */
    private static final int NICE = 19 - 3;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "priorities of single threads are Linux's")
    void aThreadThatGivesWayAndThoseThatItStartsHaveALowerPriorityAndNoOtherHas() {
        int before = nice();

        int[] lower = CompletableFuture.supplyAsync(
                        () -> {
                            BackgroundWork.giveWay();
                            int started = CompletableFuture.supplyAsync(BackgroundWorkTest::nice, NEW_THREAD)
                                    .join();
                            return new int[] {nice(), started};
                        },
                        NEW_THREAD)
                .join();

        assertThat(lower).containsOnly(Math.max(before, 10));
        assertThat(nice()).isEqualTo(before);
    }

    @Test
    void memoryCanBeGivenBackWhereverThisRuns() {
        assertThatCode(BackgroundWork::returnMemory).doesNotThrowAnyException();
    }

    private static int nice() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
