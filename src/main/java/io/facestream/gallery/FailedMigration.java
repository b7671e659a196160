package io.facestream.gallery;

import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.postgresql.util.PSQLException;

/** Explains a failed migration to an operator: which one, the database's error, and what to fix. */
final class FailedMigration {
    private static final String AGAIN = "run `facestream migrate` again";
    private static final String LACKS_RIGHT = "42501";
    private static final String NO_SUCH_OBJECT = "42704";
    private static final String RAISED_BY_THE_MIGRATION = "P0001";

    private FailedMigration() {}

    /** One line; empty for a connection failure, which explains itself. */
    static Optional<String> explain(String schema, FlywayException failure) {
        Optional<SQLException> refusal = Stream.iterate(
                        (Throwable) failure, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
        if (failure instanceof FlywayMigrateException failed) {
            return Optional.of("migration " + name(failed.getMigration()) + " failed and was rolled back: "
                    + refusal.map(FailedMigration::remedy).orElseGet(() -> firstLine(failure)));
        }
        if (failure.getErrorCode() == CoreErrorCode.VALIDATE_ERROR) {
            // the first line says only that validation failed
            return Optional.of("the database's migrations are not this build's: "
                    + failure.getMessage().lines().skip(1).findFirst().orElse(failure.getMessage())
                    + "; use the build that it was migrated with, or a backup of the database");
        }
        if (failure.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return Optional.of("the schema " + schema + " is not empty, but was not created by migrations:"
                    + " move its objects away, then " + AGAIN);
        }
        return refusal.filter(e -> LACKS_RIGHT.equals(e.getSQLState()))
                .map(e -> "the schema " + schema + " can't be migrated: " + remedy(e));
    }

    /** The migration's name for messages, such as {@code 8 (roles)}. A file of functions and views has no number. */
    static String name(MigrationInfo migration) {
        return migration.isRepeatable()
                ? migration.getDescription() + " (functions and views)"
                : migration.getVersion() + " (" + migration.getDescription() + ")";
    }

    private static String remedy(SQLException refusal) {
        String said = firstLine(refusal);
        return switch (String.valueOf(refusal.getSQLState())) {
            case RAISED_BY_THE_MIGRATION -> said;
            case LACKS_RIGHT ->
                said
                        + (isOfRoles(refusal)
                                ? ": the user may not create roles; a superuser must run"
                                        + " \"create role facestream_reader; create role facestream_embedding;"
                                        + " create role facestream_matching; create role facestream_sightings;"
                                        + " create role facestream_alerts;"
                                        + " create role facestream_enrolment; create role facestream_curation;"
                                        + " create role facestream_training; create role facestream_web;\", then "
                                : ": name the owner of database and schema in quarkus.datasource.username, then ")
                        + AGAIN;
            case NO_SUCH_OBJECT ->
                said
                        + (said.contains("vector") ? ": run \"create extension vector\" as superuser, then " : ": ")
                        + AGAIN;
            default -> said + ": fix that, then " + AGAIN;
        };
    }

    /**
     * PostgreSQL uses one state for all missing rights and a message in the server's language, but the routine's name
     * is not translated.
     */
    private static boolean isOfRoles(SQLException refusal) {
        return refusal instanceof PSQLException failure
                && failure.getServerErrorMessage() != null
                && "CreateRole".equals(failure.getServerErrorMessage().getRoutine());
    }

    private static String firstLine(Exception failure) {
        return failure.getMessage().lines().findFirst().orElse("");
    }
}
