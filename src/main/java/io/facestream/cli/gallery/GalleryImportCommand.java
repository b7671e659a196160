package io.facestream.cli.gallery;

import io.facestream.configuration.Settings;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.gallery.archive.ArchiveException;
import io.facestream.gallery.archive.GalleryImport;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        description = {
            "Adds the people of an archive to the gallery, with the ids that they had: all of them or none.",
            "It needs the login of the schema's owner. Whoever was erased does not come back."
        },
        mixinStandardHelpOptions = true)
final class GalleryImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "An archive of `gallery export`.")
    private Path file;

    @Option(names = "--skip-erased", description = "Leaves out whoever was erased; else the archive is refused.")
    private boolean skipErased;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        Settings settings = Settings.load();
        try {
            GalleryImport.Added added = new GalleryImport(
                            settings.database(),
                            settings.get(EmbeddingConfig.class).device())
                    .read(file, skipErased);
            spec.commandLine()
                    .getOut()
                    .println("Added " + added.people() + " people, " + added.photos() + " photos and "
                            + added.negatives() + " negatives"
                            + (added.skipped() == 0 ? "." : "; left out " + added.skipped() + " who were erased."));
            return 0;
        } catch (ArchiveException e) {
            spec.commandLine().getErr().println("facestream gallery import: " + e.getMessage());
            return 1;
        }
    }
}
