package io.facestream.cli;

import io.facestream.gallery.GallerySchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        description = {
            "Brings the database to this build's schema, and the shipped network into an empty registry.",
            "The extension `vector` must be there; roles start only on a migrated database."
        },
        mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        int ran = GallerySchema.migrate(Settings.load().patientDatabase());
        spec.commandLine().getOut().println(ran == 0 ? "The schema is up to date." : ran + " migrations ran.");
        return 0;
    }
}
