package io.facestream;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Prints at the end of a run how many tests were skipped, and why. */
public final class SkippedTests implements LauncherSessionListener, TestExecutionListener {
    private final Map<String, AtomicInteger> reasons = new ConcurrentSkipListMap<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerTestExecutionListeners(this);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        count(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            count(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    private void count(TestIdentifier test, String reason) {
        String unit = test.isTest() ? "" : " (all of " + test.getDisplayName() + ")";
        reasons.computeIfAbsent(reason + unit, r -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        int total = reasons.values().stream().mapToInt(AtomicInteger::get).sum();
        System.out.println(total + " tests skipped" + (total == 0 ? "." : ":"));
        reasons.forEach((reason, times) -> System.out.println("  " + times + " x " + reason));
    }
}
