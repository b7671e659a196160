package io.facestream.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Certificates of an authority of the tests' own, made by the JDK's keytool: for each name a key store, {@code
 * NAME.p12}, and the same as {@code NAME.pem} and {@code NAME.key}; the authority's certificate alone is {@code
 * ca.trust.p12} and {@code ca.pem}.
 */
public final class TestCertificates {
    /** Of every store. */
    public static final String PASSWORD = "store-secret-5150";

    private static final List<String> HOSTS = List.of("-ext", "san=ip:127.0.0.1,dns:localhost");

    private TestCertificates() {}

    public static void make(Path folder) throws IOException {
        Path all = folder.resolve("all.p12");
        keytool(all, "ca", List.of("-dname", "CN=tests", "-ext", "bc:c"));
        keytool(all, "server", concat(List.of("-dname", "CN=server", "-signer", "ca"), HOSTS));
        keytool(all, "other-host", List.of("-dname", "CN=other", "-signer", "ca", "-ext", "san=dns:other.example"));
        keytool(
                all,
                "expired",
                concat(
                        List.of("-dname", "CN=operator", "-signer", "ca", "-startdate", "-9d", "-validity", "2"),
                        HOSTS));
        keytool(all, "operator", List.of("-dname", "CN=operator", "-signer", "ca"));
        keytool(all, "stranger", List.of("-dname", "CN=operator", "-ext", "bc:c"));
        try {
            split(all, folder);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static List<String> concat(List<String> some, List<String> others) {
        List<String> both = new ArrayList<>(some);
        both.addAll(others);
        return both;
    }

    private static void keytool(Path store, String alias, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-keyalg",
                "EC"));
        command.addAll(options);
        Command made = Command.run(store.getParent(), command);
        if (!made.succeeded()) {
            throw new IOException("keytool: " + made.lastLine());
        }
    }

    /** A server or client shows the one key that its store has. */
    private static void split(Path all, Path folder) throws IOException, GeneralSecurityException {
        char[] password = PASSWORD.toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(all)) {
            store.load(in, password);
        }
        for (String alias : List.of("server", "other-host", "expired", "operator", "stranger")) {
            Key key = store.getKey(alias, password);
            Certificate[] chain = store.getCertificateChain(alias);
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry(alias, key, password, chain);
            write(own, folder.resolve(alias + ".p12"));
            Files.writeString(folder.resolve(alias + ".key"), pem("PRIVATE KEY", key.getEncoded()));
            StringBuilder certificates = new StringBuilder();
            for (Certificate certificate : chain) {
                certificates.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            Files.writeString(folder.resolve(alias + ".pem"), certificates);
        }
        for (String authority : List.of("ca", "stranger")) {
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry(authority, store.getCertificate(authority));
            write(trust, folder.resolve(authority + ".trust.p12"));
        }
        Files.writeString(
                folder.resolve("ca.pem"),
                pem("CERTIFICATE", store.getCertificate("ca").getEncoded()));
    }

    private static void write(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }
}
