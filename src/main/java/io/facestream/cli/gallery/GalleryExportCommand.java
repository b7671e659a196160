package io.facestream.cli.gallery;

import io.facestream.cli.terminal.Identities;
import io.facestream.configuration.Settings;
import io.facestream.gallery.archive.GalleryExport;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        description = {
            "Writes people, photos, tags, former names and faces that are not theirs into an archive, or all that is"
                    + " held of one person.",
            "It needs the login of the schema's owner, and leaves rows in the audit trail. Guard the file: an erasure"
                    + " does not reach it."
        },
        mixinStandardHelpOptions = true)
final class GalleryExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A zip, which must not exist.")
    private Path file;

    @Option(
            names = "--person",
            paramLabel = "PERSON",
            description =
                    "Only of this person or stranger, with visits, best shots, alerts, trainings and rows of the audit"
                            + " trail.")
    private String person;

    @Option(names = "--strangers", description = "Also strangers who are kept, and nobody in the gallery.")
    private boolean strangers;

    @Option(names = "--vectors", description = "With the vectors of every version in use.")
    private boolean vectors;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        DataSource database = Settings.load().database();
        UUID id = person == null ? null : Identities.find(spec, database, person);
        GalleryExport.Written written;
        try {
            written = new GalleryExport(database).write(file, new GalleryExport.Choice(id, strangers, vectors));
        } catch (FileAlreadyExistsException e) {
            throw new ParameterException(spec.commandLine(), file + " exists", e);
        }
        spec.commandLine()
                .getOut()
                .println("Wrote " + written.people() + " people, " + written.photos() + " photos and "
                        + written.negatives() + " negatives to " + file + ".");
        return 0;
    }
}
