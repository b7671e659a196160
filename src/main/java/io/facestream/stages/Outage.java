package io.facestream.stages;

import com.fasterxml.jackson.core.JacksonException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;

/**
 * Distinguishes outages from failures that a record may have caused. During an outage (a broker, disk or database is
 * unreachable or refuses service) the stage waits and rejects nothing.
 */
final class Outage {
    private static final int MOST_CAUSES = 20;

    /**
     * SQLSTATE classes that a value can cause: cardinality, data, integrity constraint, program limit exceeded
     * (PostgreSQL's documentation, Appendix A). All others come from the database, its schema or its owner: lost
     * connection (08), transaction rollback (40), insufficient resources (53), object in use (55), operator
     * intervention (57), missing right (42).
     */
    private static final Set<String> OF_CONTENT = Set.of("21", "22", "23", "54");

    /**
     * Reported by pgvector and PostgreSQL where no other state fits. Damaged data and indexes have their own states.
     */
    private static final String INTERNAL_ERROR = "XX000";

    private Outage() {}

    static boolean is(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MOST_CAUSES)
                .anyMatch(Outage::isOne);
    }

    private static boolean isOne(Throwable cause) {
        if (cause instanceof SQLException e) {
            String state = e.getSQLState();
            return state == null
                    || state.length() < 2
                    || !(OF_CONTENT.contains(state.substring(0, 2)) || state.equals(INTERNAL_ERROR));
        }
        return cause instanceof KafkaException
                || cause instanceof IOException && !(cause instanceof JacksonException)
                || cause instanceof UncheckedIOException
                || cause instanceof InterruptedException
                || cause instanceof RollbackException && cause.getCause() == null
                || cause instanceof SystemException && cause.getCause() == null;
    }
}
