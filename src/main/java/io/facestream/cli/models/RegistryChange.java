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

/** A change of the registry that may have to embed the gallery, with a progress bar. */
final class RegistryChange {
    private RegistryChange() {}

    /** @param <T> its result */
    interface Change<T> {
        T apply(ModelReleases releases, ReembeddingProgress progress) throws SQLException;
    }

    static <T> T make(boolean quiet, Change<T> change) throws SQLException {
        Settings settings = Settings.load();
        ModelReleases releases = new ModelReleases(
                settings.database(),
                settings.get(EmbeddingConfig.class).device(),
                new ReleaseTopic(settings.kafka(), settings.get(TopicsConfig.class)));
        try (ProgressBar bar = Progress.bar("Embedding the gallery", 0, quiet)) {
            return change.apply(releases, (done, all) -> bar.maxHint(all).stepTo(done));
        }
    }
}
