package io.facestream.database;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * What it means that a broker or a database refuses, or is refused: which setting, certificate or grant to look at. A setting is
 * called by its name; its value, which may be a secret, is never told.
 */
public final class Refusal {
    private static final int MOST_CAUSES = 20;

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

    /** Who is at the other end of a connection, and where its settings are. */
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

    /** One line that says what to mend; empty where the failure is of another kind. */
    public static Optional<String> explain(Throwable failure) {
        Refusal refusal = new Refusal(failure);
        return refusal.certificate()
                .or(refusal::ownFiles)
                .or(refusal::login)
                .or(refusal::right)
                .or(refusal::absent)
                .map(line -> line.replaceAll("\\s+", " "));
    }

    /** The explanation, or what the failure says of itself. */
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
        if (says("unable to find valid certification path") || says("does not chain with any of the trust anchors")) {
            return Optional.of(peer.who + "'s certificate is signed by nobody whom this client trusts: give the"
                    + " authority that signed it in " + peer.trusted);
        }
        Optional<String> host =
                saying("No subject alternative", "No name matching", "could not be verified by hostnameverifier");
        if (host.isPresent()) {
            return Optional.of(peer.who + "'s certificate is for another host (" + host.get()
                    + "): use a name that it holds in " + peer.address + ", or give it a certificate for this one");
        }
        Optional<String> alert = saying("Received fatal alert: ");
        if (alert.isPresent()) {
            String name = alert.get().replaceFirst(".*Received fatal alert: ", "");
            return Optional.of(peer.who + " refuses this client's certificate, or that there is none (" + name
                    + "): one that is not expired, and signed by an authority that " + peer.who + " trusts, goes into "
                    + peer.own);
        }
        if (says("Unsupported or unrecognized SSL message") || says("The server does not support SSL")) {
            return Optional.of(peer.who + " speaks no TLS there: check " + peer.address + " and " + peer.protocol);
        }
        return Optional.empty();
    }

    /** Key and trust stores of this client, and its JAAS line, whose parser quotes pieces of it. */
    private Optional<String> ownFiles() {
        if (peer != Peer.BROKER) {
            return Optional.empty();
        }
        if (says("JAAS config")) {
            return Optional.of("kafka.sasl.jaas.config can't be read: for SCRAM it is"
                    + " org.apache.kafka.common.security.scram.ScramLoginModule required username=\"...\""
                    + " password=\"...\"; with the semicolon");
        }
        if (says("Failed to load PEM SSL keystore")) {
            return Optional.of(pemFile());
        }
        if (says("Invalid PEM keystore configs")) {
            return Optional.of(
                    "the PEM texts in kafka.ssl.keystore.key and kafka.ssl.keystore.certificate.chain can't be read"
                            + PEM_KEY + ", and kafka.ssl.key.password for an encrypted one");
        }
        if (says("Invalid PEM truststore configs")) {
            return Optional.of("the PEM text in kafka.ssl.truststore.certificates can't be read: it is to hold whole"
                    + " certificates");
        }
        Optional<String> store = saying("Failed to load SSL keystore");
        if (store.isEmpty()) {
            return Optional.empty();
        }
        String which = store.get().replaceFirst(".*Failed to load SSL keystore (.*) of type .*", "$1");
        if (fileIsMissing()) {
            return Optional.of(
                    which + " is not there: check kafka.ssl.keystore.location and kafka.ssl.truststore.location");
        }
        return Optional.of(which + " can't be opened"
                + first(IOException.class)
                        .map(cause -> " (" + cause.getMessage() + ")")
                        .orElse("")
                + ": check kafka.ssl.keystore.password, kafka.ssl.truststore.password and the store's type");
    }

    /** Kafka calls a PEM file so whichever setting names it; causes may quote what is in it, so they are not told. */
    private String pemFile() {
        String which = saying("Failed to load PEM SSL keystore")
                .orElseThrow()
                .replaceFirst("(?s).*Failed to load PEM SSL keystore (.*)", "$1");
        String settings = "kafka.ssl.keystore.location and kafka.ssl.truststore.location";
        return fileIsMissing()
                ? which + " is not there: check " + settings
                : which + " can't be read as PEM: check " + settings + PEM_KEY
                        + ", and kafka.ssl.key.password for an encrypted one";
    }

    private boolean fileIsMissing() {
        return first(NoSuchFileException.class).isPresent();
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
        return state("28")
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
                .or(() -> state("42501")
                        .map(denied -> "the database's user lacks a right (" + firstLine(denied)
                                + "): grant it the group role of what it runs, such as facestream_matching, or name another"
                                + " user in quarkus.datasource.username"));
    }

    /** Nobody there, or a database that no migration has been to. */
    private Optional<String> absent() {
        return state("08001")
                .map(away -> "no database answers: check quarkus.datasource.jdbc.url, and whether it runs ("
                        + firstLine(away) + ")")
                .or(() -> state("42P01")
                        .map(missing -> "the database is not of this build's schema (" + firstLine(missing)
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

    private boolean says(String text) {
        return saying(text).isPresent();
    }

    /** The innermost message that has one of the texts in it. */
    private Optional<String> saying(String... texts) {
        Predicate<String> any =
                message -> Stream.of(texts).anyMatch(text -> lower(message).contains(lower(text)));
        return causes.stream()
                .map(Throwable::getMessage)
                .filter(message -> message != null && any.test(message))
                .reduce((outer, inner) -> inner);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
