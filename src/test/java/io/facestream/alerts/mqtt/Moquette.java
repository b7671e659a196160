package io.facestream.alerts.mqtt;

import io.moquette.BrokerConstants;
import io.moquette.broker.Server;
import io.moquette.broker.config.MemoryConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** A broker in this process. */
final class Moquette extends MqttBroker {
    private final Properties properties = new Properties();
    private String user;
    private String password;
    private Server server;

    Moquette() {
        properties.setProperty(BrokerConstants.HOST_PROPERTY_NAME, "127.0.0.1");
        properties.setProperty(BrokerConstants.PORT_PROPERTY_NAME, Integer.toString(port()));
        properties.setProperty(BrokerConstants.WEB_SOCKET_PORT_PROPERTY_NAME, BrokerConstants.DISABLED_PORT_BIND);
        properties.setProperty(BrokerConstants.ALLOW_ANONYMOUS_PROPERTY_NAME, "true");
        properties.setProperty(BrokerConstants.PERSISTENCE_ENABLED_PROPERTY_NAME, "false");
        properties.setProperty(BrokerConstants.IMMEDIATE_BUFFER_FLUSH_PROPERTY_NAME, "true");
        properties.setProperty(BrokerConstants.NETTY_MAX_BYTES_PROPERTY_NAME, "1000000");
        properties.setProperty("telemetry_enabled", "false");
    }

    @Override
    MqttBroker keepingIn(Path folder) {
        properties.setProperty(BrokerConstants.PERSISTENCE_ENABLED_PROPERTY_NAME, "true");
        properties.setProperty(BrokerConstants.DATA_PATH_PROPERTY_NAME, folder.toString());
        return this;
    }

    @Override
    MqttBroker requiring(String onlyUser, String itsPassword) {
        user = onlyUser;
        password = itsPassword;
        properties.setProperty(BrokerConstants.ALLOW_ANONYMOUS_PROPERTY_NAME, "false");
        return this;
    }

    @Override
    MqttBroker withTls(Path keyStore, String storePassword) {
        properties.setProperty(BrokerConstants.PORT_PROPERTY_NAME, BrokerConstants.DISABLED_PORT_BIND);
        properties.setProperty(BrokerConstants.SSL_PORT_PROPERTY_NAME, Integer.toString(port()));
        properties.setProperty(BrokerConstants.JKS_PATH_PROPERTY_NAME, keyStore.toString());
        properties.setProperty("key_store_type", "pkcs12");
        properties.setProperty(BrokerConstants.KEY_STORE_PASSWORD_PROPERTY_NAME, storePassword);
        properties.setProperty(BrokerConstants.KEY_MANAGER_PASSWORD_PROPERTY_NAME, storePassword);
        return this;
    }

    @Override
    MqttBroker start() throws IOException {
        server = new Server();
        server.startServer(
                new MemoryConfig(properties),
                List.of(),
                null,
                user == null
                        ? null
                        : (client, name, secret) -> user.equals(name)
                                && secret != null
                                && password.equals(new String(secret, StandardCharsets.UTF_8)),
                null);
        return this;
    }

    @Override
    void stop() {
        if (server != null) {
            server.stopServer();
            server = null;
        }
    }
}
