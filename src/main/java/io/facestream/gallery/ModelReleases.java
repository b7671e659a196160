package io.facestream.gallery;

import io.facestream.database.Refusal;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.messaging.Sha256;
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
 * Publishes, promotes and rolls back model versions, and keeps the gallery complete under them.
 *
 * <pre>
 *  publish: weights become a candidate -> the gallery is embedded under it   (both can be interrupted and resumed)
 *  promote: embed what is missing -> switch, if nothing is -> announce it
 *  roll back: the same switch to the version before, which enrolment has kept complete
 * </pre>
 */
public class ModelReleases {
    private static final Logger LOG = Logger.getLogger(ModelReleases.class);

    /** Normally nothing is missing after the first attempt. After this many attempts something is wrong. */
    private static final int TRIES = 5;

    private final ModelRegistry registry;
    private final VersionChanges changes;
    private final RetiredVersions retired;
    private final Reembedding reembedding;
    private final ReleaseTopic topic;

    /** @param device for embedding the gallery */
    public ModelReleases(DataSource dataSource, ComputeDevice device, ReleaseTopic topic) {
        this.registry = new ModelRegistry(dataSource);
        this.changes = new VersionChanges(dataSource);
        this.retired = new RetiredVersions(dataSource);
        this.reembedding = new Reembedding(dataSource, device);
        this.topic = topic;
    }

    /**
     * Adds a network as a candidate and embeds the gallery under it. If it is interrupted after the first step, the
     * candidate exists already; {@link #complete} or a promotion resumes the work.
     *
     * @throws IllegalArgumentException if the network cannot recognise faces; then nothing has changed
     */
    public ModelVersion publish(ModelCandidate candidate, ReembeddingProgress progress) throws SQLException {
        ModelVersion version = changes.add(candidate);
        reembedding.run(version, progress);
        return version;
    }

    /** Like {@link #publish}, but adds nothing if there is a live version with the same weights: returns that one. */
    public ModelVersion publishOnce(ModelCandidate candidate, ReembeddingProgress progress) throws SQLException {
        String sha256 = Sha256.hex(candidate.savedModel());
        for (ModelVersion version : registry.live()) {
            if (version.sha256().equals(sha256)) {
                return version;
            }
        }
        return publish(candidate, progress);
    }

    /** Adds the embeddings that the gallery lacks under a live version. */
    public void complete(ModelVersion version, ReembeddingProgress progress) throws SQLException {
        reembedding.run(version, progress);
    }

    /**
     * Makes a candidate or a standby version the active one. Promoting the active one changes nothing.
     *
     * @return the active version
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is retired, or the gallery cannot be completed under it; then nothing has
     *     changed. Also if it was trained on somebody who has been erased since; then it is retired
     */
    public ModelVersion promote(String version, ReembeddingProgress progress) throws SQLException {
        return switchOver(() -> changes.promote(version), progress);
    }

    /**
     * Reactivates the version that was active before the current one was promoted.
     *
     * @return the active version
     * @throws IllegalStateException if there is none, or it is retired
     */
    public ModelVersion rollBack(ReembeddingProgress progress) throws SQLException {
        return switchOver(changes::rollBack, progress);
    }

    /**
     * The target of a rollback.
     *
     * @throws IllegalStateException if there is none
     */
    public String predecessor() throws SQLException {
        return changes.predecessor();
    }

    /**
     * Rolls back to a result of {@link #predecessor}, so that repeating the request changes nothing.
     *
     * @return the active version
     * @throws IllegalStateException if it is retired
     */
    public ModelVersion rollBackTo(String predecessor, ReembeddingProgress progress) throws SQLException {
        return switchOver(() -> changes.rollBackTo(predecessor), progress);
    }

    /**
     * Retires a candidate or standby version. Its space is freed when none of its embeddings can be in transit any
     * more.
     *
     * @throws IllegalArgumentException if there is no such version
     * @throws IllegalStateException if it is the active one
     */
    public void retire(String version) throws SQLException {
        changes.retire(version);
        retired.purgeExpired();
    }

    /** An attempt to activate a version. */
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
                        + " of the people on whom it or one of its ancestors was trained have been erased since;"
                        + " train again, from a version that was not trained on them");
            } else {
                if (promotion instanceof Promotion.Promoted) {
                    announce(promotion.version());
                }
                return promotion.version();
            }
        }
    }

    /** Runs after the commit. A failure only delays the switch of the replicas a little. */
    private void announce(ModelVersion version) {
        try {
            ModelRelease release = ModelRelease.of(registry.require(version.version()));
            topic.announce(version.version(), ModelRelease.TYPE, release);
        } catch (SQLException | RuntimeException e) {
            LOG.warnf(
                    "%s is active, but was not announced; replicas will see it at their next poll: %s",
                    version.version(), Refusal.oneLine(e));
        }
    }
}
