package io.facestream.curation;

import io.facestream.faces.ChipPlace;
import io.facestream.faces.ChipPng;
import io.facestream.faces.ChipTopic;
import io.facestream.faces.ChipTopic.Chip;
import io.facestream.faces.ChipTopic.Found;
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

    private final Supplier<ChipTopic> opening;
    private final LiveNetworks networks;
    private ChipTopic topic;

    /** @param opening of {@code detected-faces} */
    FaceChips(Supplier<ChipTopic> opening, LiveNetworks networks) {
        this.opening = opening;
        this.networks = networks;
    }

    /**
     * Fetches chips by their places and embeds them. Those that are gone, or are no faces, are left out.
     *
     * @throws KafkaException if the broker does not answer in time: try again
     */
    Map<ChipPlace, EmbeddedChip> fetch(Collection<ChipPlace> places) throws SQLException {
        Map<ChipPlace, EmbeddedChip> chips = new LinkedHashMap<>();
        for (Map.Entry<ChipPlace, Found> found : read(places).entrySet()) {
            if (found.getValue() instanceof Chip chip) {
                embed(chip.png()).ifPresent(embedded -> chips.put(found.getKey(), embedded));
            }
        }
        return chips;
    }

    private Map<ChipPlace, Found> read(Collection<ChipPlace> places) {
        try {
            if (topic == null) {
                topic = opening.get();
            }
            Map<ChipPlace, Found> found = topic.read(places, PATIENCE);
            if (!found.keySet().containsAll(places)) {
                throw new KafkaException("chips of faces were not read within " + PATIENCE.toSeconds() + " s");
            }
            return found;
        } catch (KafkaException e) {
            closeTopic();
            throw e;
        }
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

    private void closeTopic() {
        try {
            if (topic != null) {
                topic.close();
            }
        } catch (KafkaException e) {
            LOG.debug("the reader of chips could not be closed in order", e);
        } finally {
            topic = null;
        }
    }

    @Override
    public void close() {
        closeTopic();
        networks.close();
    }
}
