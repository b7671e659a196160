package io.facestream.cli.terminal;

import io.facestream.configuration.Settings;
import io.facestream.database.Sql;
import io.facestream.gallery.GallerySchema;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.util.PSQLException;
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
    public static UUID find(CommandSpec command, String who) throws SQLException {
        try {
            return Sql.on(Settings.load().database(), sql -> sql.first(
                            "select facestream.find_identity(?)", row -> row.getObject(1, UUID.class), who)
                    .orElseThrow());
        } catch (SQLException e) {
            if (GallerySchema.REFUSED.equals(e.getSQLState()) && e instanceof PSQLException refused) {
                throw new ParameterException(
                        command.commandLine(), refused.getServerErrorMessage().getMessage(), e);
            }
            throw e;
        }
    }
}
