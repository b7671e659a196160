package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.utils.Time;

/**
 * A broker as an operator would secure it: nobody may do anything without an ACL. It listens several times: in plain
 * text for its superuser, the tests; with SCRAM over TLS; with client certificates; and with two certificates that
 * clients are to refuse.
 */
public final class SecureKafka implements AutoCloseable {
    /** Of every user. */
    static final String PASSWORD = "scram-secret-8675309";

    /** Those of docs/kafka-acls.sh, and one for a process that has all roles. */
    private static final List<String> USERS = List.of(
            "facestream-cameras",
            "facestream-web",
            "facestream-detection",
            "facestream-embedding",
            "facestream-matching",
            "facestream-enrolment",
            "facestream-curation",
            "facestream-scaler",
            "facestream-sightings",
            "facestream-alerts",
            "facestream-training",
            "facestream-operator",
            "camera",
            "subscriber",
            "facestream",
            "nobody");

    /** By name, with the protocol and the key store of the server; CONTROLLER stays as it is. */
    private static final Map<String, List<String>> LISTENERS = new TreeMap<>(Map.of(
            "SCRAM", List.of("SASL_SSL", "server"),
            "CERTIFICATES", List.of("SSL", "server"),
            "EXPIRED", List.of("SASL_SSL", "expired"),
            "OTHERHOST", List.of("SASL_SSL", "other-host")));

    private final KafkaRaftServer server;
    private final Map<String, String> addresses = new TreeMap<>();

    private SecureKafka(Path folder, Path certificates) {
        List<Integer> ports = FreePort.orGiven(List.of(0, 0, 0, 0, 0, 0));
        Properties settings = EmbeddedKafka.settings(folder, ports.get(0), ports.get(1));
        addresses.put("PLAINTEXT", "127.0.0.1:" + ports.get(0));
        int next = 2;
        for (String listener : LISTENERS.keySet()) {
            addresses.put(listener, "127.0.0.1:" + ports.get(next++));
            String prefix = "listener.name." + listener.toLowerCase(Locale.ROOT) + ".ssl.";
            settings.put(
                    prefix + "keystore.location",
                    certificates
                            .resolve(LISTENERS.get(listener).get(1) + ".p12")
                            .toString());
            settings.put(prefix + "keystore.password", TestCertificates.PASSWORD);
            settings.put(prefix + "key.password", TestCertificates.PASSWORD);
            settings.put(
                    prefix + "truststore.location",
                    certificates.resolve("ca.trust.p12").toString());
            settings.put(prefix + "truststore.password", TestCertificates.PASSWORD);
        }
        settings.put("listener.name.certificates.ssl.client.auth", "required");
        settings.put("ssl.principal.mapping.rules", "RULE:^CN=(.*)$/facestream-$1/");
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        for (String listener : List.of("scram", "expired", "otherhost")) {
            settings.put(
                    "listener.name." + listener + ".scram-sha-512.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        }
        String advertised = addresses.entrySet().stream()
                .map(address -> address.getKey() + "://" + address.getValue())
                .collect(Collectors.joining(","));
        settings.put("listeners", advertised + ",CONTROLLER://127.0.0.1:" + ports.get(1));
        settings.put("advertised.listeners", advertised);
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
                        + LISTENERS.entrySet().stream()
                                .map(listener -> listener.getKey() + ":"
                                        + listener.getValue().get(0))
                                .collect(Collectors.joining(",")));
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS");
        server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
    }

    /** @param certificates those of {@link SecuredServices#certificates} */
    public static SecureKafka start(Path folder, Path certificates) throws IOException {
        EmbeddedKafka.format(folder);
        SecureKafka kafka = new SecureKafka(folder, certificates);
        kafka.server.startup();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.addresses.get("PLAINTEXT")))) {
            List<UserScramCredentialAlteration> users = USERS.stream()
                    .map(user -> (UserScramCredentialAlteration) new UserScramCredentialUpsertion(
                            user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD))
                    .toList();
            admin.alterUserScramCredentials(users).all().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw new IOException("the users were not made", e.getCause());
        }
        return kafka;
    }

    /** {@code host:port} of each listener. */
    public Map<String, String> addresses() {
        return addresses;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
