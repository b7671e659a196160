package io.facestream.web.api;

import io.facestream.database.Sql;
import io.facestream.web.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Which state of the gallery an answer shows. */
@ApplicationScoped
class Revisions {
    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    Revisions(Instance<DataSource> database) {
        this.database = database;
    }

    /**
     * The revision that whatever is read from now on has at least.
     *
     * @param wanted of the answer to a change that has to be seen; 0 for any
     * @throws ProblemException {@code behind} (503) if the database does not have it yet
     */
    long atLeast(long wanted) throws SQLException {
        long now = Sql.on(database.get(), sql -> sql.first("select facestream.revision_now()", row -> row.getLong(1)))
                .orElseThrow();
        if (now < wanted) {
            throw new ProblemException(
                    "behind", "The gallery is not there yet", 503, "its revision is " + now + ", not " + wanted);
        }
        return now;
    }
}
