package io.facestream.gallery;

import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.postgresql.util.PSQLException;

/** What an operator reads of a migration that came to nothing: which one, what the database says, and what to mend. */
final class FailedMigration {
    private static final String AGAIN = "run `facestream migrate` again";
    private static final String LACKS_RIGHT = "42501";
    private static final String NO_SUCH_OBJECT = "42704";
    private static final String RAISED_BY_THE_MIGRATION = "P0001";

    private FailedMigration() {}

    /** One line; empty where the failure is of the connection, which tells of itself. */
    static Optional<String> explain(String schema, FlywayException failure) {
        Optional<SQLException> refusal = Stream.iterate(
                        (Throwable) failure, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
        if (failure instanceof FlywayMigrateException failed) {
            return Optional.of("migration " + name(failed.getMigration()) + " failed, and nothing of it was kept: "
                    + refusal.map(FailedMigration::whatToMend).orElseGet(() -> firstLine(failure)));
        }
        if (failure.getErrorCode() == CoreErrorCode.VALIDATE_ERROR) {
            // the first line says no more than that
            return Optional.of("the migrations that the database has seen are not this build's: "
                    + failure.getMessage().lines().skip(1).findFirst().orElse(failure.getMessage())
                    + "; use the build that it was migrated with, or a backup of the database");
        }
        if (failure.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return Optional.of("the schema " + schema + " is not empty, and no migration has filled it:"
                    + " move away what lies there, then " + AGAIN);
        }
        return refusal.filter(e -> LACKS_RIGHT.equals(e.getSQLState()))
                .map(e -> "the schema " + schema + " can't be migrated: " + whatToMend(e));
    }

    /** As it is told of, such as {@code 8 (roles)}; a file of functions and views has no number. */
    static String name(MigrationInfo migration) {
        return migration.isRepeatable()
                ? migration.getDescription() + " (functions and views)"
                : migration.getVersion() + " (" + migration.getDescription() + ")";
    }

    private static String whatToMend(SQLException refusal) {
        String said = firstLine(refusal);
        return switch (String.valueOf(refusal.getSQLState())) {
            case RAISED_BY_THE_MIGRATION -> said;
            case LACKS_RIGHT ->
                said
                        + (isOfRoles(refusal)
                                ? ": who migrates may not create roles; let a superuser run \"create role facestream_reader;"
                                        + " create role facestream_embedding; create role facestream_matching;"
                                        + " create role facestream_enrolment; create role facestream_training;\", then "
                                : ": name the owner of database and schema in quarkus.datasource.username, then ")
                        + AGAIN;
            case NO_SUCH_OBJECT ->
                said
                        + (said.contains("vector") ? ": run \"create extension vector\" as superuser, then " : ": ")
                        + AGAIN;
            default -> said + ": mend that, then " + AGAIN;
        };
    }

    /** PostgreSQL has one state for all rights, and says which one in the server's language; the routine has no language. */
    private static boolean isOfRoles(SQLException refusal) {
        return refusal instanceof PSQLException failure
                && failure.getServerErrorMessage() != null
                && "CreateRole".equals(failure.getServerErrorMessage().getRoutine());
    }

    private static String firstLine(Exception failure) {
        return failure.getMessage().lines().findFirst().orElse("");
    }
}
