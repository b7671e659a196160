package io.facestream.embedded;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * How to reach a running broker and database. Property names are Quarkus's own where Quarkus has one.
 *
 * @param kafkaBootstrapServers {@code host:port}
 * @param jdbcUrl of the database {@code facestream}
 * @param userName the role that owns it
 * @param passwordFile holds that role's password, in the format of psql's {@code PGPASSFILE}
 */
public record Endpoints(String kafkaBootstrapServers, String jdbcUrl, String userName, Path passwordFile) {
    private static final String KAFKA = "kafka.bootstrap.servers";
    private static final String URL = "quarkus.datasource.jdbc.url";
    private static final String USER = "quarkus.datasource.username";
    private static final String PASSWORD_FILE = "facestream.database.password-file";

    public Endpoints {
        Objects.requireNonNull(kafkaBootstrapServers, KAFKA);
        Objects.requireNonNull(jdbcUrl, URL);
        Objects.requireNonNull(userName, USER);
        Objects.requireNonNull(passwordFile, PASSWORD_FILE);
    }

    /** The password of {@link #userName}. */
    public String password() {
        return new PasswordFile(passwordFile).password(userName);
    }

    void write(Path file) {
        try {
            PrivateFile.write(
                    file,
                    List.of(
                            KAFKA + "=" + kafkaBootstrapServers,
                            URL + "=" + jdbcUrl,
                            USER + "=" + userName,
                            PASSWORD_FILE + "=" + passwordFile));
        } catch (IOException e) {
            throw new EmbeddedException("the endpoints can't be written to " + file + ": " + e, e);
        }
    }

    /** What {@link #write} wrote; empty if the file does not exist. */
    static Optional<Endpoints> read(Path file) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new EmbeddedException("the endpoints in " + file + " can't be read: " + e, e);
        }
        return Optional.of(new Endpoints(
                properties.getProperty(KAFKA),
                properties.getProperty(URL),
                properties.getProperty(USER),
                Path.of(properties.getProperty(PASSWORD_FILE))));
    }
}
