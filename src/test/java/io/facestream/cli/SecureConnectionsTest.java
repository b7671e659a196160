package io.facestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.facestream.embedded.KafkaAcls;
import io.facestream.embedded.RecordedLogs;
import io.facestream.embedded.SecuredServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command takes the service's settings of TLS and logins, and says in one line, without a secret, which one is
 * wrong.
 */
class SecureConnectionsTest {
    private static final String WRONG = "wrong-secret-31337";
    private static final String PASSWORD = SecuredServices.KAFKA_PASSWORD;

    @TempDir
    private static Path folder;

    private RecordedLogs logs;

    @BeforeAll
    static void grant() throws Exception {
        KafkaAcls.grant(SecuredServices.superuserAddress(), KafkaAcls.ofTheScript());
    }

    @BeforeEach
    void record() {
        logs = new RecordedLogs();
    }

    @AfterEach
    void stopRecording() {
        logs.close();
    }

    static Stream<Arguments> goodConnections() throws Exception {
        return Stream.of(
                arguments("SCRAM-SHA-512", SecuredServices.scram("facestream-operator", PASSWORD)),
                arguments("a certificate", SecuredServices.certificate("operator")),
                arguments("a certificate in a PEM file", pemFile("good", of("operator.key") + of("operator.pem"))),
                arguments("a certificate in PEM", pemTexts(of("operator.key"), of("operator.pem"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodConnections")
    void framesArePublishedOverTls(String how, Map<String, String> settings) {
        CommandRun run = publish(settings);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertNoSecrets(run);
    }

    private static CommandRun publish(Map<String, String> settings) {
        try (var ignored = new CommandRun.Properties(settings)) {
            return CommandRun.of(
                    "publish", "src/main/resources/demo/people/John_Ousterhout/tk.jpg", "--camera", "door");
        }
    }

    static Stream<Arguments> badConnections() {
        Map<String, String> scram = SecuredServices.scram("facestream-operator", PASSWORD);
        Map<String, String> certificate = SecuredServices.certificate("operator");
        String stranger =
                SecuredServices.certificates().resolve("stranger.trust.p12").toString();
        return Stream.of(
                arguments(
                        "a wrong password",
                        SecuredServices.scram("facestream-operator", WRONG),
                        "username and password in kafka.sasl.jaas.config"),
                arguments(
                        "an unknown user",
                        SecuredServices.scram("mallory", PASSWORD),
                        "username and password in kafka.sasl.jaas.config"),
                arguments(
                        "another mechanism",
                        with(
                                scram,
                                "kafka.sasl.mechanism",
                                "PLAIN",
                                "kafka.sasl.jaas.config",
                                scram.get("kafka.sasl.jaas.config")
                                        .replace("scram.ScramLoginModule", "plain.PlainLoginModule")),
                        "check kafka.sasl.mechanism"),
                arguments(
                        "a JAAS line that is none",
                        with(scram, "kafka.sasl.jaas.config", "required password=" + WRONG + " x"),
                        "kafka.sasl.jaas.config can't be read"),
                arguments(
                        "an authority that is not the broker's",
                        with(scram, "kafka.ssl.truststore.location", stranger),
                        "the authority that signed it in kafka.ssl.truststore.location"),
                arguments(
                        "an expired certificate of the broker",
                        with(scram, "kafka.bootstrap.servers", SecuredServices.listener("EXPIRED")),
                        "the broker's certificate has expired"),
                arguments(
                        "another host's certificate",
                        with(scram, "kafka.bootstrap.servers", SecuredServices.listener("OTHERHOST")),
                        "use a name that it holds in kafka.bootstrap.servers"),
                arguments(
                        "a trust store's wrong password",
                        with(scram, "kafka.ssl.truststore.password", WRONG),
                        "check kafka.ssl.keystore.password, kafka.ssl.truststore.password"),
                arguments(
                        "a trust store that is not there",
                        with(scram, "kafka.ssl.truststore.location", "/nowhere.p12"),
                        "/nowhere.p12 is not there: check kafka.ssl.keystore.location"),
                arguments(
                        "an expired certificate of the client",
                        SecuredServices.certificate("expired"),
                        "one that is not expired, and signed by an authority that the broker trusts"),
                arguments(
                        "a certificate that the broker does not know",
                        SecuredServices.certificate("stranger"),
                        "refuses this client's certificate"),
                arguments("no certificate", without(certificate, "kafka.ssl.keystore."), "kafka.ssl.keystore.location"),
                arguments(
                        "no right",
                        SecuredServices.scram("nobody", PASSWORD),
                        "may not use the topics [camera-frames]: grant it, as docs/kafka-acls.sh"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("badConnections")
    void aBrokerThatCannotBeReachedIsOneLineThatNamesWhatToMend(
            String what, Map<String, String> settings, String expected) {
        assertOneLine(publish(settings), "publish", expected);
    }

    @Test
    void theDatabaseIsMigratedOverTls() {
        CommandRun run = migrate(SecuredServices.database());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertNoSecrets(run);
    }

    /** The owner, no superuser, can't make it. */
    @Test
    void aDatabaseWithoutTheExtensionIsToldWhoMakesIt() throws Exception {
        SecuredServices.asSuperuser(
                "drop database if exists bare",
                "create database bare owner " + SecuredServices.database().get("quarkus.datasource.username"));

        CommandRun run = migrate(with(
                SecuredServices.database(),
                "quarkus.datasource.jdbc.url",
                SecuredServices.jdbcUrl("ca.pem").replace("/facestream?", "/bare?")));

        assertOneLine(run, "migrate", "migration 1 (gallery) failed and was rolled back: ERROR: type \"vector\"");
        assertThat(run.err()).contains("run \"create extension vector\" as superuser");
        try (var ignored = new CommandRun.Properties(with(
                SecuredServices.database(),
                "quarkus.datasource.jdbc.url",
                SecuredServices.jdbcUrl("ca.pem").replace("/facestream?", "/bare?")))) {
            assertOneLine(CommandRun.of("models", "list"), "models list", "run `facestream migrate` as its owner");
        }
    }

    private static CommandRun migrate(Map<String, String> settings) {
        try (var ignored = new CommandRun.Properties(settings)) {
            return CommandRun.of("migrate");
        }
    }

    static Stream<Arguments> badPems() throws Exception {
        String key = of("operator.key");
        String certificate = of("operator.pem");
        String broken = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
        String files =
                "can't be read as PEM: check kafka.ssl.keystore.location and kafka.ssl.truststore.location: a key is in"
                        + " PKCS #8";
        String texts = "the PEM texts in kafka.ssl.keystore.key and kafka.ssl.keystore.certificate.chain can't be read";
        return Stream.of(
                arguments("a broken certificate", pemFile("broken", key + broken), files),
                arguments("a key in PKCS #1", pemFile("pkcs1", pkcs1() + certificate), files),
                arguments("no key", pemFile("no-key", certificate), files),
                arguments(
                        "a file that is not there",
                        with(pemFile("gone", ""), "kafka.ssl.keystore.location", "/nowhere.pem"),
                        "/nowhere.pem is not there: check kafka.ssl.keystore.location"),
                arguments("the text of a broken certificate", pemTexts(key, broken), texts),
                arguments("the text of a key in PKCS #1", pemTexts(pkcs1(), certificate), texts),
                arguments(
                        "the text of a broken authority",
                        with(
                                without(pemTexts(key, certificate), "kafka.ssl.truststore."),
                                "kafka.ssl.truststore.type",
                                "PEM",
                                "kafka.ssl.truststore.certificates",
                                broken),
                        "the PEM text in kafka.ssl.truststore.certificates can't be read"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("badPems")
    void aPemThatCannotBeReadIsOneLineThatNamesItsSetting(String what, Map<String, String> settings, String expected) {
        CommandRun run = publish(settings);

        assertOneLine(run, "publish", expected);
        assertThat(run.err() + logs.text()).doesNotContain("bm9uZQ==");
    }

    private static String of(String name) throws IOException {
        return Files.readString(SecuredServices.certificates().resolve(name));
    }

    private static Map<String, String> pemFile(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".pem"), content);
        return with(
                without(SecuredServices.certificate("operator"), "kafka.ssl.keystore."),
                "kafka.ssl.keystore.type",
                "PEM",
                "kafka.ssl.keystore.location",
                file.toString());
    }

    private static Map<String, String> pemTexts(String key, String certificates) {
        return with(
                without(SecuredServices.certificate("operator"), "kafka.ssl.keystore."),
                "kafka.ssl.keystore.type",
                "PEM",
                "kafka.ssl.keystore.key",
                key,
                "kafka.ssl.keystore.certificate.chain",
                certificates);
    }

    /** PKCS #8 without what it puts before it, which is 26 bytes for 2,048 bits. */
    private static String pkcs1() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN RSA PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(Arrays.copyOfRange(pkcs8, 26, pkcs8.length))
                + "\n-----END RSA PRIVATE KEY-----\n";
    }

    static Stream<Arguments> badDatabases() {
        Map<String, String> good = SecuredServices.database();
        return Stream.of(
                arguments(
                        "a wrong password",
                        with(good, "quarkus.datasource.password", WRONG),
                        "server",
                        "check quarkus.datasource.username, quarkus.datasource.password"),
                arguments(
                        "no TLS",
                        with(
                                good,
                                "quarkus.datasource.jdbc.url",
                                SecuredServices.jdbcUrl("ca.pem").replaceFirst("[?].*", "?sslmode=disable")),
                        "server",
                        "check quarkus.datasource.username, quarkus.datasource.password and sslmode"),
                arguments(
                        "an authority that is not the database's",
                        with(good, "quarkus.datasource.jdbc.url", SecuredServices.jdbcUrl("stranger.pem")),
                        "server",
                        "the authority that signed it in sslrootcert"),
                arguments(
                        "nobody at its address",
                        with(good, "quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:1/facestream"),
                        "server",
                        "no database answers: check quarkus.datasource.jdbc.url"),
                arguments("an expired certificate", good, "expired", "the database's certificate has expired"),
                arguments(
                        "another host's certificate",
                        good,
                        "other-host",
                        "use a name that it holds in quarkus.datasource.jdbc.url"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("badDatabases")
    void aDatabaseThatCannotBeReachedIsOneLineThatNamesWhatToMend(
            String what, Map<String, String> settings, String shown, String expected) throws Exception {
        SecuredServices.showDatabaseCertificate(shown);
        try {
            // The server takes a moment to turn to it.
            Thread.sleep(300);
            assertOneLine(migrate(settings), "migrate", expected);
        } finally {
            SecuredServices.showDatabaseCertificate("server");
        }
    }

    private void assertOneLine(CommandRun run, String command, String expected) {
        assertThat(run.err()).startsWith("facestream " + command + ": ").contains(expected);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(1);
        assertNoSecrets(run);
    }

    private void assertNoSecrets(CommandRun run) {
        for (String secret : List.of(
                WRONG,
                PASSWORD,
                SecuredServices.STORE_PASSWORD,
                SecuredServices.database().get("quarkus.datasource.password"))) {
            assertThat(run.out() + run.err() + logs.text()).doesNotContain(secret);
        }
    }

    private static Map<String, String> with(Map<String, String> settings, String... changes) {
        Map<String, String> changed = new HashMap<>(settings);
        for (int i = 0; i < changes.length; i += 2) {
            changed.put(changes[i], changes[i + 1]);
        }
        return changed;
    }

    private static Map<String, String> without(Map<String, String> settings, String prefix) {
        Map<String, String> fewer = new HashMap<>(settings);
        fewer.keySet().removeIf(name -> name.startsWith(prefix));
        return fewer;
    }
}
