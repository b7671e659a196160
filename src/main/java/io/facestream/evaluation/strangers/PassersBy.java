package io.facestream.evaluation.strangers;

import io.facestream.photos.EmbeddedPhoto;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Strangers who come by, and are kept and known again. */
public interface PassersBy {
    /**
     * Somebody comes by.
     *
     * @param frames in which they are seen, in order; without a face where none was found
     * @return the strangers who it is, new or known; empty if nobody was kept
     */
    Set<UUID> visit(List<EmbeddedPhoto> frames) throws SQLException;

    /** Nobody is known any more. */
    void forgetAll() throws SQLException;
}
