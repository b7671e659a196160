package io.facestream.database;

import jakarta.persistence.EntityManager;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.hibernate.Session;

/**
 * Set-based SQL and pgvector's operators on one database connection. Work on a single entity uses Hibernate ORM Panache
 * instead.
 *
 * <p>Parameters replace the question marks in order. Pass a vector as {@code com.pgvector.PGvector}, an array by {@link
 * #array}, a {@code timestamptz} as {@link Instant}, and everything else as the driver accepts it. A null has no type,
 * so cast it where PostgreSQL cannot infer one.
 */
public final class Sql {
    private final Connection connection;

    private Sql(Connection connection) {
        this.connection = connection;
    }

    /**
     * Work on a connection.
     *
     * @param <E> the checked exception that it throws, if any
     */
    public interface Work<T, E extends Exception> {
        T with(Sql sql) throws SQLException, E;
    }

    /** Maps a row to an object. */
    public interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Reads rows one by one. */
    public interface Reader<E extends Exception> {
        void read(ResultSet row) throws SQLException, E;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Elements(String type, Object[] all) {}

    /** A {@code timestamptz} of a row; null if it is null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /**
     * A {@code real} of a row, by its decimal digits; null if it is null. The driver's {@code getDouble} gives 0.987 as
     * 0.987 at first, and as 0.9869999885559082 once it fetches rows of the statement in binary.
     */
    public static Double decimal(ResultSet row, String column) throws SQLException {
        float number = row.getFloat(column);
        return row.wasNull() ? null : Double.valueOf(Float.toString(number));
    }

    /** A {@code text[]} of a row, none of whose elements is null; null if it is null. */
    public static List<String> strings(ResultSet row, String column) throws SQLException {
        Array values = row.getArray(column);
        return values == null ? null : List.of((String[]) values.getArray());
    }

    /** A parameter that is an array of a PostgreSQL type, such as {@code text} or {@code uuid}. */
    public static Object array(String type, Object[] elements) {
        return new Elements(type, elements);
    }

    /** Runs work in which each statement commits by itself. */
    public static <T, E extends Exception> T on(DataSource dataSource, Work<T, E> work) throws SQLException, E {
        try (Connection connection = dataSource.getConnection()) {
            return work.with(new Sql(connection));
        }
    }

    /** Runs work in one transaction, which is rolled back if anything is thrown. */
    public static <T, E extends Exception> T inTransaction(DataSource dataSource, Work<T, E> work)
            throws SQLException, E {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.with(new Sql(connection));
                connection.commit();
                connection.setAutoCommit(true);
                return result;
            } catch (Throwable e) {
                undo(connection, e);
                throw e;
            }
        }
    }

    /**
     * Runs work in one transaction, which is rolled back if anything is thrown. Each statement may take that long
     * whatever the data source says.
     */
    public static <T, E extends Exception> T inTransaction(DataSource dataSource, Duration longest, Work<T, E> work)
            throws SQLException, E {
        return inTransaction(dataSource, sql -> {
            int usual = sql.connection.getNetworkTimeout();
            sql.connection.setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, longest.toMillis()));
            try {
                return work.with(sql);
            } finally {
                if (!sql.connection.isClosed()) {
                    sql.connection.setNetworkTimeout(Runnable::run, usual);
                }
            }
        });
    }

    /** Keeps the original failure, even if a lost connection makes the rollback fail too. */
    private static void undo(Connection connection, Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** Runs work in a read-only transaction; local settings end with it. */
    public static <T, E extends Exception> T reading(DataSource dataSource, Work<T, E> work) throws SQLException, E {
        try (Connection connection = dataSource.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try {
                return work.with(new Sql(connection));
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
                connection.setReadOnly(false);
            }
        }
    }

    /** Runs work in the transaction of the entity manager; flush changed entities before. */
    public static <T> T among(EntityManager entities, Work<T, RuntimeException> work) {
        return entities.unwrap(Session.class).doReturningWork(connection -> work.with(new Sql(connection)));
    }

    public <T> List<T> query(String sql, Mapper<T> mapper, Object... parameters) throws SQLException {
        List<T> found = new ArrayList<>();
        each(0, sql, row -> found.add(mapper.map(row)), parameters);
        return found;
    }

    /** Maps the first row; empty if there is no row or the mapper returns null. */
    public <T> Optional<T> first(String sql, Mapper<T> mapper, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.ofNullable(mapper.map(rows)) : Optional.empty();
        }
    }

    /**
     * Streams rows to the reader without collecting them.
     *
     * @param fetchSize rows per fetch, inside a transaction; 0 fetches all at once
     */
    public <E extends Exception> void each(int fetchSize, String sql, Reader<E> reader, Object... parameters)
            throws SQLException, E {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            statement.setFetchSize(fetchSize);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    /** @return the number of rows inserted, updated or deleted; 0 or less for other statements */
    public int execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            statement.execute();
            return statement.getUpdateCount();
        }
    }

    /** Executes a statement once per list of parameters, as one batch. */
    public void executeAll(String sql, Collection<List<Object>> parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (List<Object> once : parameters) {
                bind(statement, once.toArray());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            bind(statement, parameters);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Elements elements) {
                statement.setArray(i + 1, connection.createArrayOf(elements.type, elements.all));
            } else if (value instanceof Instant instant) {
                statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }
}
