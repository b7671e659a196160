package io.facestream.gallery;

import io.facestream.models.ModelVersion;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Holds one resource per live model version. Opens it at first use and closes it when its version is no longer live.
 * Serves one thread at a time.
 */
public final class PerLiveVersion<T> {
    private final Opening<T> opening;
    private final Consumer<T> closing;
    private final Map<String, T> opened = new HashMap<>();

    /** Opens the resource of a version. */
    public interface Opening<T> {
        T open(ModelVersion version) throws SQLException;
    }

    public PerLiveVersion(Opening<T> opening, Consumer<T> closing) {
        this.opening = opening;
        this.closing = closing;
    }

    public T of(ModelVersion version) throws SQLException {
        T known = opened.get(version.version());
        if (known != null) {
            return known;
        }
        T fresh = opening.open(version);
        opened.put(version.version(), fresh);
        return fresh;
    }

    /** Closes the resources of all versions except these. */
    public void retain(Collection<ModelVersion> live) {
        Set<String> names = live.stream().map(ModelVersion::version).collect(Collectors.toSet());
        opened.entrySet().removeIf(entry -> {
            boolean gone = !names.contains(entry.getKey());
            if (gone) {
                closing.accept(entry.getValue());
            }
            return gone;
        });
    }
}
