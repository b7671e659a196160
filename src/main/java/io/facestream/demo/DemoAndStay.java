package io.facestream.demo;

import io.facestream.cli.service.Service;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** Runs the demo and leaves the service running after the clip. */
class DemoAndStay implements QuarkusApplication {
    @Override
    public int run(String... arguments) throws Exception {
        if (!Service.awaitReady()) {
            return 1;
        }
        new Demo(Boolean.parseBoolean(arguments[0])).play();
        System.out.println(
                "Look at the visits: " + Service.page() + " The service goes on running; end it with Ctrl-C.");
        Quarkus.waitForExit();
        return 0;
    }
}
