package io.facestream.configuration;

import io.facestream.embedded.EmbeddedHome;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;

/** The message of a command that finds no running service, and was not told where one is. */
public final class Absence {
    /** SQLSTATE class of connections that fail. */
    private static final String NO_CONNECTION = "08";

    private Absence() {}

    /** What to do about it, in the same words for every command. */
    public static String noneRuns(EmbeddedHome home) {
        return "no service runs here: './facestream up --embedded' starts one, with its data in " + home.folder()
                + " (FACESTREAM_HOME names another folder); KAFKA_BOOTSTRAP_SERVERS and QUARKUS_DATASOURCE_JDBC_URL"
                + " name a broker and a database elsewhere";
    }

    /** Whether a failure means that nothing answered. */
    private static boolean isNoAnswer(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof ConnectException
                        || cause instanceof TimeoutException
                        || (cause instanceof SQLException sql
                                && sql.getSQLState() != null
                                && sql.getSQLState().startsWith(NO_CONNECTION)));
    }

    /** The message for a command's failure; empty if the failure has another cause. */
    public static Optional<String> explain(Throwable failure) {
        return isNoAnswer(failure) && Settings.load().findsNoService()
                ? Optional.of(noneRuns(EmbeddedHome.locate()))
                : Optional.empty();
    }
}
