package io.facestream.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of rows that were written together or, because the database will never take one of them, each alone.
 *
 * @param results of each write that succeeded
 * @param refused the rows that the database will never take
 */
public record WrittenRows<T, R>(List<R> results, List<Refused<T>> refused) {
    /** SQLSTATE classes that recur at every try: a value that no column holds, one that is too long for an index. */
    private static final List<String> OF_CONTENT = List.of("22", "54");

    /** A row that the database will never take, and what it said. */
    public record Refused<T>(T row, SQLException why) {}

    /** Writes rows in one transaction. */
    @FunctionalInterface
    public interface Write<T, R> {
        R write(List<T> rows) throws SQLException;
    }

    /** @throws SQLException for every other failure; some of the rows may be written then */
    public static <T, R> WrittenRows<T, R> of(List<T> rows, Write<T, R> write) throws SQLException {
        try {
            return new WrittenRows<>(List.of(write.write(rows)), List.of());
        } catch (SQLException e) {
            requireOfContent(e);
        }
        List<R> results = new ArrayList<>();
        List<Refused<T>> refused = new ArrayList<>();
        for (T row : rows) {
            try {
                results.add(write.write(List.of(row)));
            } catch (SQLException e) {
                requireOfContent(e);
                refused.add(new Refused<>(row, e));
            }
        }
        return new WrittenRows<>(results, refused);
    }

    private static void requireOfContent(SQLException e) throws SQLException {
        if (!isOfContent(e)) {
            throw e;
        }
    }

    /** Whether the database would never take the same values. */
    public static boolean isOfContent(SQLException e) {
        return e.getSQLState() != null && OF_CONTENT.stream().anyMatch(e.getSQLState()::startsWith);
    }
}
