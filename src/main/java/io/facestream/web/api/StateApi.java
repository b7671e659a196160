package io.facestream.web.api;

import io.facestream.database.Sql;
import io.facestream.web.cameras.Cameras;
import io.facestream.web.cameras.KnownCamera;
import io.facestream.web.keys.Roles;
import io.facestream.web.visits.Visits;
import io.facestream.web.visits.WhyUnnamed;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How the service is: cameras, model versions, training, and why people were not named. */
@Path("/api/v1")
@Blocking
@RolesAllowed(Roles.VIEWER)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "State")
public class StateApi {
    private static final int MOST_RUNS = 100;
    private static final int WEEK = 168;

    private final Cameras cameras;
    private final Visits visits;
    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    StateApi(Cameras cameras, Visits visits, Instance<DataSource> database) {
        this.cameras = cameras;
        this.visits = visits;
        this.database = database;
    }

    record CameraList(List<KnownCamera> cameras) {}

    /** @param status {@code candidate}, {@code active}, {@code standby} or {@code retired} */
    record Model(
            String version,
            String architecture,
            String status,
            String parent,
            Instant createdAt,
            Instant activatedAt,
            Instant retiredAt) {}

    record Models(List<Model> models) {}

    /**
     * A command of training.
     *
     * @param base what it begins with, promotes or rolls back to; absent until that is found
     * @param version that came of it; absent if none did
     * @param epochs done so far
     * @param objection why a person is to decide about the candidate; absent if nobody need
     */
    record Run(
            UUID commandId,
            String kind,
            String state,
            String base,
            String version,
            int epochs,
            String objection,
            Instant createdAt,
            Instant updatedAt) {}

    record Training(List<Run> runs) {}

    @GET
    @Path("/cameras")
    @Operation(
            operationId = "cameras",
            summary = "Cameras that somebody visited, the latest first, and the others that are filmed")
    public CameraList cameras() throws SQLException {
        return new CameraList(cameras.all());
    }

    @GET
    @Path("/models")
    @Operation(operationId = "models", summary = "Model versions, the latest first")
    public Models models() throws SQLException {
        return new Models(Sql.on(
                database.get(),
                sql -> sql.query(
                        "select version, architecture, status, parent, created_at, activated_at, retired_at"
                                + " from facestream.model_version where removed_at is null"
                                + " order by created_at desc, version",
                        row -> new Model(
                                row.getString("version"),
                                row.getString("architecture"),
                                row.getString("status"),
                                row.getString("parent"),
                                Sql.instant(row, "created_at"),
                                Sql.instant(row, "activated_at"),
                                Sql.instant(row, "retired_at")))));
    }

    @GET
    @Path("/training")
    @Operation(operationId = "training", summary = "The latest 100 commands of training")
    public Training training() throws SQLException {
        return new Training(Sql.on(
                database.get(),
                sql -> sql.query(
                        "select * from facestream.training_runs(" + MOST_RUNS + ")",
                        row -> new Run(
                                row.getObject("id", UUID.class),
                                row.getString("kind"),
                                row.getString("state"),
                                row.getString("base"),
                                row.getString("version"),
                                row.getInt("epochs"),
                                row.getString("objection"),
                                Sql.instant(row, "created_at"),
                                Sql.instant(row, "updated_at")))));
    }

    @GET
    @Path("/health/why-unnamed")
    @Operation(operationId = "whyUnnamed", summary = "How many visits were named, and why others were not")
    public WhyUnnamed whyUnnamed(@QueryParam("hours") @DefaultValue("24") int hours) throws SQLException {
        return visits.whyUnnamed(Bounds.upTo(WEEK, "hours", hours));
    }
}
