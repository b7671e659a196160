package io.facestream.gallery;

import io.facestream.embeddings.Embedding;
import io.facestream.models.ModelVersion;
import java.util.Collection;
import java.util.Map;

/**
 * One chip's embeddings.
 *
 * @param active the version by which faces are searched
 * @param byVersion those under every version that was live, the active one included
 */
public record LiveEmbeddings(ModelVersion active, Map<String, Embedding> byVersion) {
    public LiveEmbeddings {
        byVersion = Map.copyOf(byVersion);
    }

    /** Under the active version. */
    public Embedding ofActive() {
        return byVersion.get(active.version());
    }

    /** Whether they are those of the versions that are live now. */
    public boolean areOf(Collection<String> live) {
        return live.size() == byVersion.size() && byVersion.keySet().containsAll(live);
    }
}
