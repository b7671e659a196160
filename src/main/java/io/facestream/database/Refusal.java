package io.facestream.database;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.postgresql.util.GT;

/**
 * Explains why a broker or database refuses a client, or the client refuses it: which setting, certificate or grant to
 * check. Settings are named, but their values, which may be secret, are never shown.
 *
 * <p>The decision is based on exception classes and SQLSTATEs. Only where a library uses one class or state for several
 * cases is its message compared; {@code RefusalTest} and {@code SecureConnectionsTest} provoke those messages from the
 * library itself.
 */
public final class Refusal {
    private static final int MOST_CAUSES = 20;

    // SQLSTATEs, or SQLSTATE classes (prefixes)
    private static final String UNABLE_TO_CONNECT = "08001";
    private static final String CONNECTION_REJECTED = "08004";
    private static final String CONNECTION_FAILURE = "08006";
    private static final String INVALID_AUTHORIZATION = "28";
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /** A missing schema, table, function or column. */
    private static final List<String> OF_ANOTHER_SCHEMA = List.of("3F000", "42P01", "42883", "42703");

    /** Placeholder for a message's argument; no message contains this character. */
    private static final String ARGUMENT = "\u0001";

    private static final String PEM_FILE = "Failed to load PEM SSL keystore ";
    private static final String STORE = "Failed to load SSL keystore ";

    private static final String PEM_KEY =
            ": a key is in PKCS #8 (BEGIN PRIVATE KEY; `openssl pkcs8 -topk8 -nodes` makes"
                    + " it of BEGIN RSA or EC PRIVATE KEY), beside whole certificates";

    private static final String ACLS = ": grant it, as docs/kafka-acls.sh does for each role";

    private final List<Throwable> causes;
    private final Peer peer;

    private Refusal(Throwable failure) {
        this.causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MOST_CAUSES)
                .toList();
        this.peer = first(SQLException.class).isPresent() ? Peer.DATABASE : Peer.BROKER;
    }

    /** The other end of a connection, and the settings for it. */
    private enum Peer {
        BROKER(
                "the broker",
                "kafka.bootstrap.servers",
                "kafka.ssl.truststore.location",
                "kafka.ssl.keystore.location",
                "kafka.security.protocol"),
        DATABASE(
                "the database",
                "quarkus.datasource.jdbc.url",
                "sslrootcert in quarkus.datasource.jdbc.url",
                "sslcert and sslkey in quarkus.datasource.jdbc.url",
                "sslmode in quarkus.datasource.jdbc.url");

        final String who;
        final String address;
        final String trusted;
        final String own;
        final String protocol;

        Peer(String who, String address, String trusted, String own, String protocol) {
            this.who = who;
            this.address = address;
            this.trusted = trusted;
            this.own = own;
            this.protocol = protocol;
        }
    }

    /** One line that says what to fix; empty if the failure is of another kind. */
    public static Optional<String> explain(Throwable failure) {
        Refusal refusal = new Refusal(failure);
        return refusal.certificate()
                .or(refusal::ownFiles)
                .or(refusal::login)
                .or(refusal::right)
                .or(refusal::absent)
                .map(line -> line.replaceAll("\\s+", " "));
    }

    /** The explanation, or the failure's own text. */
    public static String oneLine(Throwable failure) {
        return explain(failure).orElseGet(failure::toString);
    }

    private Optional<String> certificate() {
        Optional<Throwable> outOfDate = causes.stream()
                .filter(cause -> cause instanceof CertificateExpiredException
                        || cause instanceof CertificateNotYetValidException)
                .findFirst();
        if (outOfDate.isPresent()) {
            return Optional.of(peer.who + "'s certificate has expired, or is not valid yet ("
                    + outOfDate.get().getMessage() + "): it needs a new one");
        }
        if (isOfNoKnownAuthority()) {
            return Optional.of(peer.who + "'s certificate is signed by nobody whom this client trusts: give the"
                    + " authority that signed it in " + peer.trusted);
        }
        Optional<String> host = otherHost();
        if (host.isPresent()) {
            return Optional.of(peer.who + "'s certificate is for another host (" + host.get()
                    + "): use a name that it holds in " + peer.address + ", or give it a certificate for this one");
        }
        Optional<String> alert = alert();
        if (alert.isPresent()) {
            return Optional.of(peer.who + " refuses this client's certificate, or requires one (" + alert.get()
                    + "): one that is not expired, and signed by an authority that " + peer.who + " trusts, goes into "
                    + peer.own);
        }
        if (speaksNoTls()) {
            return Optional.of(peer.who + " speaks no TLS there: check " + peer.address + " and " + peer.protocol);
        }
        return Optional.empty();
    }

    private boolean isOfNoKnownAuthority() {
        return first(CertPathBuilderException.class).isPresent()
                || all(CertPathValidatorException.class)
                        .anyMatch(cause -> cause.getReason() == PKIXReason.NO_TRUST_ANCHOR);
    }

    /**
     * The message of a host name mismatch. The JDK throws a plain CertificateException in a handshake only in that
     * case.
     */
    private Optional<String> otherHost() {
        return first(SSLHandshakeException.class)
                .flatMap(handshake -> causes.stream()
                        .filter(cause -> cause.getClass() == CertificateException.class)
                        .map(Throwable::getMessage)
                        .findFirst())
                .or(() -> driver(CONNECTION_FAILURE, "The hostname {0} could not be verified by hostnameverifier {1}.")
                        .map(SQLException::getMessage));
    }

    /**
     * The TLS alert with which the other end aborted the handshake. The JDK (17 to 25) reports it only in the message.
     */
    private Optional<String> alert() {
        String beginning = "Received fatal alert: ";
        return all(SSLException.class)
                .map(Throwable::getMessage)
                .filter(message -> message != null && message.contains(beginning))
                .map(message -> message.substring(message.indexOf(beginning) + beginning.length()))
                .findFirst();
    }

    /** The JDK (17 to 25) throws a plain SSLException for bytes that are not TLS. */
    private boolean speaksNoTls() {
        return all(SSLException.class)
                        .anyMatch(cause -> "Unsupported or unrecognized SSL message".equals(cause.getMessage()))
                || hasNoTls().isPresent();
    }

    private Optional<SQLException> hasNoTls() {
        return driver(CONNECTION_REJECTED, "The server does not support SSL.");
    }

    /**
     * An error of the driver itself (pgjdbc 42.7). It uses one state for several cases and a message in the language of
     * this JVM, so its own translation is compared.
     */
    private Optional<SQLException> driver(String state, String text) {
        List<String> parts = List.of(GT.tr(text, ARGUMENT, ARGUMENT).split(ARGUMENT, -1));
        return state(state).filter(e -> parts.stream().allMatch(e.getMessage()::contains));
    }

    /**
     * This client's key store, trust store and JAAS line. The parser of the latter quotes parts of it, so its message
     * is not shown.
     */
    private Optional<String> ownFiles() {
        if (peer != Peer.BROKER) {
            return Optional.empty();
        }
        if (hasUnreadableJaasLine()) {
            return Optional.of("kafka.sasl.jaas.config can't be read: for SCRAM it is"
                    + " org.apache.kafka.common.security.scram.ScramLoginModule required username=\"...\""
                    + " password=\"...\"; with the semicolon");
        }
        return pem().or(this::store);
    }

    /** Kafka's client (4.1) throws IllegalArgumentException for anything that it cannot parse in that line. */
    private boolean hasUnreadableJaasLine() {
        return first(LoginException.class).isPresent()
                || Stream.concat(all(IllegalArgumentException.class), all(KafkaException.class))
                        .map(Throwable::getMessage)
                        .anyMatch(message -> message != null && message.contains("JAAS config"));
    }

    /**
     * Kafka's client (4.1) throws InvalidConfigurationException for all of them, and calls every file a keystore,
     * whichever setting names it. Causes may quote the content, so they are not shown.
     */
    private Optional<String> pem() {
        Optional<String> file = saying(InvalidConfigurationException.class, PEM_FILE);
        if (file.isPresent()) {
            String settings = "kafka.ssl.keystore.location and kafka.ssl.truststore.location";
            return Optional.of(missingFile(settings)
                    .orElseGet(() -> after(PEM_FILE, file.get())
                            + " can't be read as PEM: check " + settings + PEM_KEY
                            + ", and kafka.ssl.key.password for an encrypted one"));
        }
        if (saying(InvalidConfigurationException.class, "Invalid PEM keystore configs")
                .isPresent()) {
            return Optional.of(
                    "the PEM texts in kafka.ssl.keystore.key and kafka.ssl.keystore.certificate.chain can't be read"
                            + PEM_KEY + ", and kafka.ssl.key.password for an encrypted one");
        }
        return saying(InvalidConfigurationException.class, "Invalid PEM truststore configs")
                .map(said -> "the PEM text in kafka.ssl.truststore.certificates can't be read: it is to hold whole"
                        + " certificates");
    }

    /** Kafka's client (4.1) throws a plain KafkaException, with the store's path only in the message. */
    private Optional<String> store() {
        return saying(KafkaException.class, STORE).map(said -> missingFile(
                        "kafka.ssl.keystore.location and kafka.ssl.truststore.location")
                .orElseGet(() -> after(STORE, said).replaceFirst(" of type .*", "")
                        + " can't be opened"
                        + first(IOException.class)
                                .map(cause -> " (" + cause.getMessage() + ")")
                                .orElse("")
                        + ": check kafka.ssl.keystore.password, kafka.ssl.truststore.password and the store's type"));
    }

    private Optional<String> missingFile(String settings) {
        return first(NoSuchFileException.class).map(e -> e.getFile() + " is not there: check " + settings);
    }

    private static String after(String beginning, String said) {
        return said.substring(said.indexOf(beginning) + beginning.length());
    }

    private Optional<String> login() {
        if (first(IllegalSaslStateException.class).isPresent()
                || first(UnsupportedSaslMechanismException.class).isPresent()) {
            return Optional.of(
                    peer.who + " takes other ways of logging in: check kafka.sasl.mechanism and " + peer.protocol);
        }
        if (first(SaslAuthenticationException.class).isPresent()) {
            return Optional.of(peer.who + " refuses the user: check username and password in kafka.sasl.jaas.config,"
                    + " and kafka.sasl.mechanism");
        }
        // The driver itself refuses a missing password.
        return state(INVALID_AUTHORIZATION)
                .or(() -> state(CONNECTION_REJECTED))
                .map(refused -> peer.who + " refuses the login (" + firstLine(refused)
                        + "): check quarkus.datasource.username, quarkus.datasource.password and sslmode in "
                        + peer.address);
    }

    private Optional<String> right() {
        return first(TopicAuthorizationException.class)
                .map(e -> "this client's principal may not use the topics " + e.unauthorizedTopics() + ACLS)
                .or(() -> first(GroupAuthorizationException.class)
                        .map(e -> "this client's principal may not use the consumer group " + e.groupId() + ACLS))
                .or(() -> first(TransactionalIdAuthorizationException.class)
                        .map(e -> "this client's principal may not use its transactional id" + ACLS))
                .or(() -> first(ClusterAuthorizationException.class)
                        .map(e -> "this client's principal may not do that to the cluster" + ACLS))
                .or(() -> state(INSUFFICIENT_PRIVILEGE)
                        .map(denied -> "the database's user lacks a right (" + firstLine(denied)
                                + "): grant it a group role, such as facestream_matching, or set another user"
                                + " in quarkus.datasource.username"));
    }

    /** No server, no such database, or a database without this build's schema. */
    private Optional<String> absent() {
        return state(UNABLE_TO_CONNECT)
                .map(away -> "no database answers: check quarkus.datasource.jdbc.url, and whether it runs ("
                        + firstLine(away) + ")")
                .or(() -> state(NO_SUCH_DATABASE)
                        .map(missing -> "the database server has no such database (" + firstLine(missing)
                                + "): check quarkus.datasource.jdbc.url, or create it"))
                .or(() -> OF_ANOTHER_SCHEMA.stream()
                        .flatMap(state -> state(state).stream())
                        .findFirst()
                        .map(missing -> "the database does not have this build's schema (" + firstLine(missing)
                                + "): run `facestream migrate` as its owner"));
    }

    private Optional<SQLException> state(String prefix) {
        return all(SQLException.class)
                .filter(e -> e.getSQLState() != null && e.getSQLState().startsWith(prefix))
                .findFirst();
    }

    private static String firstLine(SQLException e) {
        return e.getMessage().lines().findFirst().orElse(e.getSQLState());
    }

    private <T extends Throwable> Optional<T> first(Class<T> type) {
        return all(type).findFirst();
    }

    private <T extends Throwable> Stream<T> all(Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast);
    }

    /** The message of a failure of that class that contains the text. */
    private Optional<String> saying(Class<? extends Throwable> type, String text) {
        return all(type)
                .map(Throwable::getMessage)
                .filter(message -> message != null && message.contains(text))
                .findFirst();
    }
}
