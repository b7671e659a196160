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
 * Tells an outage (a broker, a disk, a database that is away or refuses), which is waited out and rejects nothing, from a failure that
 * the content of a record may be to blame for.
 */
final class Outage {
    private static final int MOST_CAUSES = 20;

    /**
     * The classes of SQLSTATE that a value can be to blame for: cardinality, data, integrity constraint, program limit exceeded
     * (PostgreSQL's documentation, Appendix A). All others are the database's, its schema's or its owner's affair: a lost connection (08),
     * a transaction rolled back (40), no resources (53), an object in use (55), an operator's hand (57), a missing right (42).
     */
    private static final Set<String> OF_CONTENT = Set.of("21", "22", "23", "54");

    /** What pgvector and PostgreSQL report where no other state fits; damaged data and indexes have states of their own. */
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
