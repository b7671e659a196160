package io.facestream.demo;

import io.facestream.cli.service.Service;
import io.quarkus.runtime.QuarkusApplication;

/** Runs the demo and ends with the clip. */
class DemoToTheEnd implements QuarkusApplication {
    @Override
    public int run(String... arguments) throws Exception {
        return Service.awaitReady() && new Demo().play() ? 0 : 1;
    }
}
