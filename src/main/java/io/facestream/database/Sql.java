package io.facestream.database;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.hibernate.Session;

/**
 * SQL on sets of rows, and with pgvector's operators, on one connection to the database. What is done to one entity is done by
 * Hibernate ORM Panache instead.
 *
 * <p>Parameters take the places of the question marks in their order. A vector is a {@code com.pgvector.PGvector}, an array is
 * made by {@link #array}; {@link Instant} is {@code timestamptz}; the others are as the driver takes them. A null has no type
 * of its own: cast it where PostgreSQL can't tell.
 */
public final class Sql {
    private final Connection connection;

    private Sql(Connection connection) {
        this.connection = connection;
    }

    /**
     * What is done on a connection.
     *
     * @param <E> what else it throws; nothing, unless it says so
     */
    public interface Work<T, E extends Exception> {
        T with(Sql sql) throws SQLException, E;
    }

    /** Makes something of a row. */
    public interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Takes rows one by one. */
    public interface Reader<E extends Exception> {
        void read(ResultSet row) throws SQLException, E;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Elements(String type, Object[] all) {}

    /** A parameter that is an array of a type of PostgreSQL's, such as {@code text} or {@code uuid}. */
    public static Object array(String type, Object[] elements) {
        return new Elements(type, elements);
    }

    /** Each statement commits by itself. */
    public static <T, E extends Exception> T on(DataSource dataSource, Work<T, E> work) throws SQLException, E {
        try (Connection connection = dataSource.getConnection()) {
            return work.with(new Sql(connection));
        }
    }

    /** All of it is done, or, where anything is thrown, nothing. */
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

    /** The failure is told, and not that a lost connection can't be rolled back either. */
    private static void undo(Connection connection, Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** In a transaction that cannot write, and whose settings end with it. */
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

    /** In the transaction that entities are in; changes of theirs are to be flushed before. */
    public static <T> T among(EntityManager entities, Work<T, RuntimeException> work) {
        return entities.unwrap(Session.class).doReturningWork(connection -> work.with(new Sql(connection)));
    }

    public <T> List<T> query(String sql, Mapper<T> mapper, Object... parameters) throws SQLException {
        List<T> found = new ArrayList<>();
        each(0, sql, row -> found.add(mapper.map(row)), parameters);
        return found;
    }

    /** What the first row is made into; empty where there is no row, or the mapper makes null of it. */
    public <T> Optional<T> first(String sql, Mapper<T> mapper, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.ofNullable(mapper.map(rows)) : Optional.empty();
        }
    }

    /**
     * Reads rows as they come, without keeping them.
     *
     * @param fetchSize how many are fetched at once, in a transaction; 0 for all
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

    /** @return how many rows it inserted, updated or deleted; 0 or less for a statement that does none of that */
    public int execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            statement.execute();
            return statement.getUpdateCount();
        }
    }

    /** Executes a statement once for each list of parameters, in one go. */
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
