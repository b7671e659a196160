package io.facestream.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.configuration.Settings;
import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The rows of a view that a command's options select, printed as lines of text or of JSON. */
public final class Listing {
    private static final int MOST_LISTED = 100_000;

    private final CommandSpec command;
    private final StringBuilder query;
    private final int limit;
    private final DataSource database;
    private final List<Object> parameters = new ArrayList<>();

    /**
     * All rows, up to a limit.
     *
     * @param view in the schema {@code facestream}
     * @throws ParameterException if the limit is not 1 to 100,000
     */
    public Listing(CommandSpec command, String view, int limit) {
        if (limit < 1 || limit > MOST_LISTED) {
            throw new ParameterException(command.commandLine(), "--limit is 1 to " + MOST_LISTED + ", not " + limit);
        }
        this.command = command;
        this.query = new StringBuilder("select * from facestream." + view + " where true");
        this.limit = limit;
        this.database = Settings.load().database();
    }

    /**
     * Leaves out the rows that do not meet a condition.
     *
     * @param condition in SQL, with one parameter
     * @param value null for an option that was not given: no row is left out
     */
    public Listing only(String condition, Object value) {
        if (value != null) {
            query.append(" and ").append(condition);
            parameters.add(value);
        }
        return this;
    }

    /**
     * Leaves out the rows that are of somebody else.
     *
     * @param condition in SQL, with one parameter: the id of whom they are to be of
     * @param who an id or a name, also a former one; null for an option that was not given: no row is left out
     * @throws ParameterException if that is nobody
     */
    public Listing onlyOf(String condition, String who) throws SQLException {
        return who == null ? this : only(condition, Identities.find(command, database, who));
    }

    /**
     * Prints the rows.
     *
     * @param order columns in SQL
     * @param things what the rows are, in the plural, for a list that is empty
     * @param json prints each row as one line of JSON
     * @param line prints each row otherwise
     * @return the exit code
     */
    public <T> int print(String order, Sql.Mapper<T> mapper, String things, boolean json, Function<T, String> line)
            throws SQLException {
        query.append(" order by ").append(order).append(" limit ?");
        parameters.add(limit);
        List<T> rows = Sql.on(database, sql -> sql.query(query.toString(), mapper, parameters.toArray()));
        PrintWriter out = command.commandLine().getOut();
        print(out, rows, "No " + things + ".", json, line);
        if (!json && rows.size() == limit) {
            out.println("There may be more: see --limit.");
        }
        return 0;
    }

    /**
     * Prints rows that were read otherwise.
     *
     * @param none what to say where there is none, unless it is to be JSON
     * @param json prints each row as one line of JSON
     * @param line prints each row otherwise
     */
    public static <T> void print(PrintWriter out, List<T> rows, String none, boolean json, Function<T, String> line) {
        rows.forEach(row -> out.println(json ? new String(Json.write(row), UTF_8) : Shown.of(line.apply(row))));
        if (rows.isEmpty() && !json) {
            out.println(none);
        }
    }
}
