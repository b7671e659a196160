package io.facestream.alerts.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MqttSettingsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "mqtt://broker, mqtt://broker:1883",
        "mqtts://broker.example, mqtts://broker.example:8883",
        "MQTT://192.0.2.7:1884/, mqtt://192.0.2.7:1884",
        "mqtt://[2001:db8::1]:1883, mqtt://[2001:db8::1]:1883"
    })
    void aBrokerHasAHostAndAPort(String text, String address) {
        assertThat(BrokerAddress.of(text)).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broker",
                "broker:1883",
                "http://broker",
                "mqtt://",
                "mqtt://broker/topic",
                "mqtt://broker:0",
                "mqtt://broker:70000",
                "mqtt://br oker",
                "mqtt://broker?x=1",
                "ws://broker",
                ""
            })
    void anyOtherAddressIsRefusedInOneLine(String text) {
        assertThatThrownBy(
                        () -> MqttSettings.of("home", TestMqttConfig.of(text.isEmpty() ? " " : text), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("facestream.alerts.targets.home.mqtt.broker ")
                .hasMessageContaining("mqtt://")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aLoginInTheAddressIsRefusedAndNotShown() {
        assertThatThrownBy(() -> BrokerAddress.of("mqtt://user:hunter2@broker"))
                .hasMessageContaining("'secret'")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> BrokerAddress.of("mqtt://us er:hunter2@broker"))
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../mqtt", "a/b", ".mqtt", "m qtt"})
    void aSecretIsThePlainNameOfAFile(String name) {
        assertThatThrownBy(() -> MqttSettings.of(
                        "home", TestMqttConfig.of("mqtt://broker", "secret", name), Optional.of(folder)))
                .hasMessageStartingWith("facestream.alerts.targets.home.mqtt.secret must be the plain name");
    }

    @Test
    void aSecretNeedsItsFolder() {
        assertThatThrownBy(() ->
                        MqttSettings.of("home", TestMqttConfig.of("mqtt://broker", "secret", "mqtt"), Optional.empty()))
                .hasMessageContaining("facestream.alerts.secrets, which is not set");
    }

    @Test
    void authoritiesAreAFileAndForTls() throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), "");
        assertThatThrownBy(() -> MqttSettings.of(
                        "home", TestMqttConfig.of("mqtts://broker", "authorities", "/absent"), Optional.empty()))
                .hasMessageContaining(".authorities is not a readable file: /absent");
        assertThatThrownBy(() -> MqttSettings.of(
                        "home", TestMqttConfig.of("mqtt://broker", "authorities", file.toString()), Optional.empty()))
                .hasMessageContaining("is for mqtts:// only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user=a",
                "password=b",
                "user=a\npassword=b\nhost=c",
                "user a\npassword=b",
                "",
                "user=a\nuser=b\npassword=c"
            })
    void aFileThatIsNoLoginIsRefusedWithoutShowingIt(String content) throws IOException {
        Files.writeString(folder.resolve("mqtt"), content);

        assertThatThrownBy(() -> BrokerLogin.read(folder, "mqtt"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("secret mqtt ");
    }

    @Test
    void aLoginIsReadWordForWordAndNotShown() throws IOException {
        Files.writeString(folder.resolve("mqtt"), "\nuser=face stream\r\npassword= a=b \n");

        BrokerLogin login = BrokerLogin.read(folder, "mqtt");

        assertThat(login.user()).isEqualTo("face stream");
        assertThat(login.password()).isEqualTo(" a=b ");
        assertThat(login.toString()).doesNotContain("a=b");
    }

    @Test
    void aByteOrderMarkIsNoPartOfALoginAndAFileInAnotherEncodingIsRefused() throws IOException {
        Files.writeString(folder.resolve("mqtt"), "\ufeffuser=a\r\npassword=b\r\n");
        assertThat(BrokerLogin.read(folder, "mqtt")).isEqualTo(new BrokerLogin("a", "b"));

        Files.write(folder.resolve("mqtt"), "user=a\npassword=\u00fc".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> BrokerLogin.read(folder, "mqtt")).hasMessage("secret mqtt is not text in UTF-8");
    }

    @Test
    void twoTargetsOfOneBrokerNeedClientIdsAndTopicsOfTheirOwn() {
        MqttTargets targets =
                new MqttTargets("test", null, () -> null, new SimpleMeterRegistry(), Vertx.vertx(), reader -> {});
        start(targets, "one", "mqtt://broker");
        start(targets, "other", "mqtt://other");
        start(targets, "own", "mqtt://broker", "base-topic", "garden");

        assertThatThrownBy(() -> start(targets, "two", "mqtt://Broker:1883"))
                .hasMessage("facestream.alerts.targets.two.mqtt.client-id is facestream, as that of target one at the"
                        + " same broker: give each a base-topic and a client-id of its own");
        assertThatThrownBy(() -> start(targets, "three", "mqtt://broker", "client-id", "three"))
                .hasMessageStartingWith("facestream.alerts.targets.three.mqtt.base-topic is facestream, as that of");
    }

    private static void start(MqttTargets targets, String name, String broker, String... settings) {
        String[] all = Stream.concat(Stream.of("home-assistant", "false"), Stream.of(settings))
                .toArray(String[]::new);
        targets.start(name, TestMqttConfig.of(broker, all), Duration.ofMinutes(2), Optional.empty())
                .close();
    }
}
