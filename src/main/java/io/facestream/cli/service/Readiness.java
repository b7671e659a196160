package io.facestream.cli.service;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.stream.Collectors;

/** Whether this process is ready, by the checks behind {@code /q/health/ready}. */
final class Readiness {
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** After this time a process says once what it is waiting for. */
    private static final Duration USUAL = Duration.ofSeconds(30);

    private Readiness() {}

    /** Waits until every check is up; false if the process is asked to end first. */
    static boolean await() throws InterruptedException {
        SmallRyeHealthReporter reporter =
                Arc.container().instance(SmallRyeHealthReporter.class).get();
        long begun = System.nanoTime();
        boolean told = false;
        while (!ApplicationLifecycleManager.isVmShuttingDown()) {
            SmallRyeHealth health = reporter.getReadiness();
            if (!health.isDown()) {
                return true;
            }
            if (!told && System.nanoTime() - begun > USUAL.toNanos()) {
                System.out.println("Not ready yet: " + whatIsDown(health));
                told = true;
            }
            Thread.sleep(PAUSE.toMillis());
        }
        return false;
    }

    private static String whatIsDown(SmallRyeHealth health) {
        return health.getPayload().getJsonArray("checks").stream()
                .map(JsonValue::asJsonObject)
                .filter(check -> check.getString("status").equals("DOWN"))
                .map(Readiness::line)
                .collect(Collectors.joining("; "));
    }

    private static String line(JsonObject check) {
        return check.getString("name") + (check.containsKey("data") ? " " + check.get("data") : "");
    }
}
