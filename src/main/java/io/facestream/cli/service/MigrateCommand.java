package io.facestream.cli.service;

import io.facestream.configuration.Settings;
import io.facestream.gallery.GallerySchema;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        description = {
            "Migrates the database to this build's schema, and puts the shipped network into an empty registry.",
            "The extension `vector` must be installed; roles start only on a migrated database."
        },
        mixinStandardHelpOptions = true)
public final class MigrateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        DataSource database = Settings.load().patientDatabase();
        GallerySchema.Migrated migrated = GallerySchema.migrate(database);
        PrintWriter out = spec.commandLine().getOut();
        out.println(migrated.summary());
        GallerySchema.nameTwins(database).forEach(out::println);
        return 0;
    }
}
