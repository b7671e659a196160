package io.facestream.cli;

import io.quarkus.runtime.QuarkusApplication;

/** The demo that ends with the clip. */
class DemoToTheEnd implements QuarkusApplication {
    @Override
    public int run(String... arguments) throws Exception {
        Service.printReady();
        return new Demo().play() ? 0 : 1;
    }
}
