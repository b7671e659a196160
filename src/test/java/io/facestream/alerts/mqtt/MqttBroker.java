package io.facestream.alerts.mqtt;

import io.facestream.embedded.TestServices;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A broker of a test's own, that can be stopped and started again at the same port. It takes everybody, and forgets all
 * when it ends, unless it is told otherwise.
 */
abstract class MqttBroker implements AutoCloseable {
    private final int port = TestServices.freePort();

    /** Keeps retained messages in a folder. */
    abstract MqttBroker keepingIn(Path folder);

    /** Takes one user only. */
    abstract MqttBroker requiring(String onlyUser, String itsPassword);

    /** Speaks TLS only, with a key store of {@link io.facestream.embedded.TestCertificates}. */
    abstract MqttBroker withTls(Path keyStore, String storePassword);

    abstract MqttBroker start() throws IOException;

    abstract void stop();

    final int port() {
        return port;
    }

    final String address() {
        return "mqtt://127.0.0.1:" + port;
    }

    @Override
    public final void close() {
        stop();
    }
}
