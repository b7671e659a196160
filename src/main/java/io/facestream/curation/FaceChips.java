package io.facestream.curation;

import io.facestream.faces.ChipPlace;
import io.facestream.faces.ChipPng;
import io.facestream.faces.ChipTopic;
import io.facestream.faces.ChipTopic.Chip;
import io.facestream.faces.ChipTopic.Found;
import io.facestream.faces.LazyChips;
import io.facestream.frames.Picture;
import io.facestream.gallery.LiveNetworks;
import io.facestream.messaging.RejectedException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * The chips of faces that commands are about, with their vectors under every live version. Opens networks and its
 * consumer when a command first needs them. Use it outside transactions, by one thread at a time.
 */
final class FaceChips implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FaceChips.class);

    /** Well below the shortest lease of a command. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final LazyChips chips;
    private final LiveNetworks networks;

    /** @param opening of {@code detected-faces} */
    FaceChips(Supplier<ChipTopic> opening, LiveNetworks networks) {
        chips = new LazyChips(opening);
        this.networks = networks;
    }

    /**
     * Fetches chips by their places and embeds them. Those that are gone, or are no faces, are left out.
     *
     * @throws KafkaException if the broker does not answer in time: try again
     */
    Map<ChipPlace, EmbeddedChip> fetch(Collection<ChipPlace> places) throws SQLException {
        Map<ChipPlace, EmbeddedChip> embedded = new LinkedHashMap<>();
        for (Map.Entry<ChipPlace, Found> found : read(places).entrySet()) {
            if (found.getValue() instanceof Chip chip) {
                embed(chip.png()).ifPresent(face -> embedded.put(found.getKey(), face));
            }
        }
        return embedded;
    }

    private Map<ChipPlace, Found> read(Collection<ChipPlace> places) {
        Map<ChipPlace, Found> found = chips.read(places, PATIENCE);
        if (!found.keySet().containsAll(places)) {
            chips.close();
            throw new KafkaException("chips of faces were not read within " + PATIENCE.toSeconds() + " s");
        }
        return found;
    }

    /** Embeds a chip; empty if it is no face. */
    Optional<EmbeddedChip> embed(byte[] png) throws SQLException {
        try (Picture picture = ChipPng.decode(png)) {
            return Optional.of(new EmbeddedChip(png, networks.embed(picture)));
        } catch (RejectedException e) {
            LOG.warnf("a chip is left out: %s", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        chips.close();
        networks.close();
    }
}
