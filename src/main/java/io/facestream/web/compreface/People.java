package io.facestream.web.compreface;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.facestream.database.Sql;
import io.facestream.web.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Who is in the gallery, and by which photos. */
@ApplicationScoped
class People {
    private static final int LARGEST_PAGE = 1_000;
    private static final int MOST_PAGES = 1_000_000;

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    People(Instance<DataSource> database) {
        this.database = database;
    }

    /** Names, in order. */
    record Subjects(List<String> subjects) {}

    /** A page of the photos, by name. */
    @Schema(name = "ComprefacePhotos")
    record Photos(
            List<Photo> faces,
            @JsonProperty("page_number") int pageNumber,
            @JsonProperty("page_size") int pageSize,
            @JsonProperty("total_pages") long totalPages,
            @JsonProperty("total_elements") long totalElements) {}

    Subjects subjects() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> new Subjects(
                        sql.query("select name from facestream.people order by name", row -> row.getString(1))));
    }

    /** @param subject only photos of this person, by an id or a name, also a former one; null for all */
    Photos photos(int page, int size, String subject) throws SQLException {
        if (page < 0 || page > MOST_PAGES || size < 1 || size > LARGEST_PAGE) {
            throw new ProblemException(
                    "bad-parameter", "page is 0 to " + MOST_PAGES + ", and size 1 to " + LARGEST_PAGE, 400, null);
        }
        return Sql.on(database.get(), sql -> {
            String condition = " from facestream.photos where enrolled"
                    + " and (?::text is null or person_id = facestream.identity_of(?))";
            long all = sql.first("select count(*)" + condition, row -> row.getLong(1), subject, subject)
                    .orElseThrow();
            List<Photo> photos = sql.query(
                    "select id, name" + condition + " order by name, id limit ? offset ?",
                    Photo::of,
                    subject,
                    subject,
                    size,
                    (long) page * size);
            return new Photos(photos, page, size, (all + size - 1) / size, all);
        });
    }
}
