package io.facestream.cli.service;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** Runs the service until the process is asked to end. */
class UpAndStay implements QuarkusApplication {
    @Override
    public int run(String... arguments) {
        Thread ready = new Thread(UpAndStay::announce, "ready");
        ready.setDaemon(true);
        ready.start();
        Quarkus.waitForExit();
        return 0;
    }

    private static void announce() {
        try {
            Service.awaitReady();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
