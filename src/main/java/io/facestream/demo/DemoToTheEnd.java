package io.facestream.demo;

import io.facestream.cli.service.Service;
import io.quarkus.runtime.QuarkusApplication;

/** Runs the demo and ends with the clip. */
class DemoToTheEnd implements QuarkusApplication {
    @Override
    public int run(String... arguments) throws Exception {
        return Service.awaitReady() && new Demo(Boolean.parseBoolean(arguments[0])).play() ? 0 : 1;
    }
}
