package io.facestream.alerts.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.facestream.DebianPackages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Eclipse Mosquitto, a process of its own. Tests are skipped where it can be neither found nor fetched. */
final class Mosquitto extends MqttBroker {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DebianPackages packages;
    private final Path folder;
    private final List<String> settings = new ArrayList<>();
    private Process process;

    Mosquitto() {
        packages = DebianPackages.unpack("mosquitto", "libmosquitto1", "libcjson1", "libdlt2", "libwrap0");
        assumeTrue(packages.has("usr/sbin/mosquitto"), "no mosquitto, and apt-get cannot fetch its packages here");
        try {
            folder = Files.createTempDirectory("mosquitto");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // under root it would become a user that is not there
        settings.addAll(List.of("user root", "listener " + port() + " 127.0.0.1", "allow_anonymous true"));
    }

    @Override
    MqttBroker keepingIn(Path kept) {
        settings.addAll(List.of("persistence true", "persistence_location " + kept + "/"));
        return this;
    }

    @Override
    MqttBroker requiring(String onlyUser, String itsPassword) {
        try {
            Path users = Files.writeString(folder.resolve("users"), onlyUser + ":" + itsPassword + "\n");
            assertThat(packages.run("usr/bin/mosquitto_passwd", "-U", users.toString())
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
            settings.remove("allow_anonymous true");
            settings.addAll(List.of("allow_anonymous false", "password_file " + users));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    @Override
    MqttBroker withTls(Path keyStore, String storePassword) {
        String name = keyStore.toString().replaceFirst("[.]p12$", "");
        settings.addAll(List.of("certfile " + name + ".pem", "keyfile " + name + ".key"));
        return this;
    }

    @Override
    MqttBroker start() throws IOException {
        Path configuration = Files.write(folder.resolve("mosquitto.conf"), settings);
        process = packages.run("usr/sbin/mosquitto", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
            assertThat(process.isAlive())
                    .as(Files.readString(folder.resolve("log")))
                    .isTrue();
            try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port())) {
                return connection.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
        return this;
    }

    /** In order: it writes what it keeps. */
    @Override
    void stop() {
        if (process != null) {
            process.destroy();
            try {
                assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                process.destroyForcibly();
            }
            process = null;
        }
    }
}
