package io.facestream.demo;

import io.facestream.cli.service.Service;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** The demo that leaves the service running after the clip. */
class DemoAndStay implements QuarkusApplication {
    @Override
    public int run(String... arguments) throws Exception {
        if (!Service.awaitReady()) {
            return 1;
        }
        new Demo().play();
        System.out.println("The service goes on; end it with Ctrl-C.");
        Quarkus.waitForExit();
        return 0;
    }
}
