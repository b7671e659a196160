package io.facestream.cli.models;

import io.facestream.cli.terminal.Progress;
import io.facestream.configuration.Settings;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.TopicsConfig;
import java.sql.SQLException;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;

@Command(
        name = "models",
        description =
                "The recognition networks in the database: which there are, which one is active, and how to change that.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelsListCommand.class,
            ModelsShowCommand.class,
            ModelsPromoteCommand.class,
            ModelsRollbackCommand.class,
            ModelsRetireCommand.class,
            ModelsExportCommand.class,
            ModelsImportCommand.class
        })
public final class ModelsCommand {
    /** A change that may have to embed the gallery. */
    interface Change<T> {
        T with(ModelReleases releases, ReembeddingProgress progress) throws SQLException;
    }

    static <T> T change(boolean quiet, Change<T> change) throws SQLException {
        Settings settings = Settings.load();
        ModelReleases releases = new ModelReleases(
                settings.database(),
                settings.get(EmbeddingConfig.class).device(),
                new ReleaseTopic(settings.kafka(), settings.get(TopicsConfig.class)));
        try (ProgressBar bar = Progress.bar("Embedding the gallery", 0, quiet)) {
            return change.with(releases, (done, all) -> bar.maxHint(all).stepTo(done));
        }
    }
}
