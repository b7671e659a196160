package io.facestream.gallery;

import io.facestream.embeddings.Embedding;
import io.facestream.models.ModelVersion;
import java.sql.SQLException;
import java.util.List;

/** The people whose faces are known, to be searched. */
public interface Gallery {
    /**
     * The result of a search.
     *
     * @param state of the gallery that was searched
     * @param neighbours for each probe, nearest first
     */
    record Result(GalleryState state, List<List<Neighbour>> neighbours) {}

    /**
     * Returns the {@code k} identities, at most 1,000, whose templates under {@code version} are nearest to each probe;
     * fewer if the gallery has fewer.
     */
    Result nearest(ModelVersion version, List<Embedding> probes, int k) throws SQLException;
}
