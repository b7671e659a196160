package io.facestream.web.compreface;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A photo, by the id of its sample, and whose it is. */
@Schema(name = "ComprefacePhoto")
record Photo(@JsonProperty("image_id") UUID imageId, String subject) {
    static Photo of(ResultSet row) throws SQLException {
        return new Photo(row.getObject("id", UUID.class), row.getString("name"));
    }
}
