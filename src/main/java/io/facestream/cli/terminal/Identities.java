package io.facestream.cli.terminal;

import io.facestream.database.Sql;
import io.facestream.gallery.GallerySchema;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.util.ServerErrorMessage;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Whom an argument of a command names. */
public final class Identities {
    private Identities() {}

    /**
     * The person or stranger of an id or a name, also a former one, as who that is now.
     *
     * @throws ParameterException if there is nobody, or that one was erased
     */
    public static UUID find(CommandSpec command, DataSource database, String who) throws SQLException {
        try {
            return Sql.on(database, sql -> sql.first(
                            "select facestream.find_identity(?)", row -> row.getObject(1, UUID.class), who)
                    .orElseThrow());
        } catch (SQLException e) {
            Optional<ServerErrorMessage> refusal = GallerySchema.refusal(e);
            if (refusal.isPresent()) {
                throw new ParameterException(
                        command.commandLine(), refusal.get().getMessage(), e);
            }
            throw e;
        }
    }
}
