package io.facestream.gallery;

import io.facestream.database.Refusal;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.models.ModelCandidate;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelRelease;
import io.facestream.models.ModelVersion;
import io.facestream.models.Promotion;
import io.facestream.models.RetiredVersions;
import io.facestream.models.VersionChanges;
import io.facestream.networks.ComputeDevice;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * From a network to the active model version, and back.
 *
 * <pre>
 *  publish: weights become a candidate -> the gallery is embedded under it   (both can be broken off, and gone on with)
 *  promote: embed what is missing -> switch, if nothing is -> announce it
 *  roll back: the same switch to the version before, which enrolment has kept complete
 * </pre>
 */
public class ModelReleases {
    private static final Logger LOG = Logger.getLogger(ModelReleases.class);

    /** Nothing should be missing after the first time; more than a few times is a fault, and not bad luck. */
    private static final int TRIES = 5;

    private final ModelRegistry registry;
    private final VersionChanges changes;
    private final RetiredVersions retired;
    private final Reembedding reembedding;
    private final ReleaseTopic topic;

    /** @param device that embeds the gallery */
    public ModelReleases(DataSource dataSource, ComputeDevice device, ReleaseTopic topic) {
        this.registry = new ModelRegistry(dataSource);
        this.changes = new VersionChanges(dataSource);
        this.retired = new RetiredVersions(dataSource);
        this.reembedding = new Reembedding(dataSource, device);
        this.topic = topic;
    }

    /**
     * Makes a network a candidate, and embeds the gallery under it. Broken off after the first step, the candidate is there
     * already: {@link #complete} goes on, and so does promoting it.
     *
     * @throws IllegalArgumentException if the network is none that can recognise faces; then nothing has changed
     */
    public ModelVersion publish(ModelCandidate candidate, ReembeddingProgress progress) throws SQLException {
        ModelVersion version = changes.add(candidate);
        reembedding.run(version, progress);
        return version;
    }

    /** Embeds what the gallery lacks under a live version. */
    public void complete(ModelVersion version, ReembeddingProgress progress) throws SQLException {
        reembedding.run(version, progress);
    }

    /**
     * Makes a candidate or a standby version the active one. Promoting the active one changes nothing.
     *
     * @return the active version
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is retired, or the gallery cannot be completed under it; then nothing has changed. Also if
     *     it has learnt from somebody who was erased since; then it is retired
     */
    public ModelVersion promote(String version, ReembeddingProgress progress) throws SQLException {
        return switchOver(() -> changes.promote(version), progress);
    }

    /**
     * Makes the version active that the active one was promoted over.
     *
     * @return the active version
     * @throws IllegalStateException if there is none, or it is retired
     */
    public ModelVersion rollBack(ReembeddingProgress progress) throws SQLException {
        return switchOver(changes::rollBack, progress);
    }

    /**
     * The version that rolling back leads to.
     *
     * @throws IllegalStateException if there is none
     */
    public String predecessor() throws SQLException {
        return changes.predecessor();
    }

    /**
     * Rolls back to where {@link #predecessor} said before: asked twice, it is done once.
     *
     * @return the active version
     * @throws IllegalStateException if it is retired
     */
    public ModelVersion rollBackTo(String predecessor, ReembeddingProgress progress) throws SQLException {
        return switchOver(() -> changes.rollBackTo(predecessor), progress);
    }

    /**
     * Ends a candidate's or a standby version's life. What it occupies is freed once no embedding by it can be on its way.
     *
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is the active one
     */
    public void retire(String version) throws SQLException {
        changes.retire(version);
        retired.purgeExpired();
    }

    /** Asks for a version to be active. */
    private interface Switch {
        Promotion attempt() throws SQLException;
    }

    private ModelVersion switchOver(Switch to, ReembeddingProgress progress) throws SQLException {
        for (int i = 1; ; i++) {
            Promotion promotion = to.attempt();
            if (promotion instanceof Promotion.Incomplete incomplete) {
                if (i == TRIES) {
                    throw new IllegalStateException("model version "
                            + incomplete.version().version()
                            + " was not promoted: the gallery still lacks " + incomplete.samples() + " embeddings and "
                            + incomplete.templates() + " templates under it");
                }
                reembedding.run(incomplete.version(), progress);
            } else if (promotion instanceof Promotion.Erased erased) {
                throw new IllegalStateException("model version "
                        + erased.version().version() + " was retired, not promoted: " + erased.erased()
                        + " of the people whom it, or a version that it comes from, was trained on were erased since;"
                        + " train anew, from a version that has not learnt from them");
            } else {
                if (promotion instanceof Promotion.Promoted) {
                    announce(promotion.version());
                }
                return promotion.version();
            }
        }
    }

    /** After the commit; a failure only means that replicas see it a little later. */
    private void announce(ModelVersion version) {
        try {
            ModelRelease release = ModelRelease.of(registry.require(version.version()));
            topic.announce(version.version(), ModelRelease.TYPE, release);
        } catch (SQLException | RuntimeException e) {
            LOG.warnf(
                    "%s is active; replicas will see it at their next look: %s", version.version(), Refusal.oneLine(e));
        }
    }
}
