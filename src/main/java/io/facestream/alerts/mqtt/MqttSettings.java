package io.facestream.alerts.mqtt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach a target's broker; checked.
 *
 * @param name the setting's, for messages
 * @param secrets the folder of secrets
 */
record MqttSettings(
        String name,
        BrokerAddress address,
        Optional<String> secret,
        Optional<Path> secrets,
        Optional<Path> authorities) {
    /** @throws IllegalArgumentException in one line, if something is wrong */
    static MqttSettings of(String target, MqttConfig config, Optional<Path> secrets) {
        String name = "facestream.alerts.targets." + target + ".mqtt";
        String setting = ".broker";
        try {
            BrokerAddress address = BrokerAddress.of(config.broker());
            setting = ".secret";
            config.secret().ifPresent(secret -> BrokerLogin.checkName(secret, secrets));
            setting = ".authorities";
            config.authorities().ifPresent(file -> {
                if (!Files.isReadable(file)) {
                    throw new IllegalArgumentException("is not a readable file: " + file);
                }
                if (!address.tls()) {
                    throw new IllegalArgumentException("is for mqtts:// only, and the broker is " + address);
                }
            });
            return new MqttSettings(name, address, config.secret(), secrets, config.authorities());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + setting + " " + e.getMessage(), e);
        }
    }
}
