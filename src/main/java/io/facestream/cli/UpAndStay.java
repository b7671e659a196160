package io.facestream.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** The service, until the process is asked to end. */
class UpAndStay implements QuarkusApplication {
    @Override
    public int run(String... arguments) {
        Service.printReady();
        Quarkus.waitForExit();
        return 0;
    }
}
