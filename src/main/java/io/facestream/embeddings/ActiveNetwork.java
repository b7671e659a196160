package io.facestream.embeddings;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.jboss.logging.Logger;

/**
 * The active version's network. A new network is loaded beside the old one and warmed up before it is used. The old
 * network is closed when its last user has switched.
 */
public final class ActiveNetwork implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ActiveNetwork.class);

    private final ModelRegistry registry;
    private final ComputeDevice device;
    private final Consumer<String> inUse;
    private volatile Loaded current;

    /**
     * Loads the active version.
     *
     * @param inUse called with each version that is put to use
     */
    public ActiveNetwork(ModelRegistry registry, ComputeDevice device, Consumer<String> inUse) throws SQLException {
        this.registry = registry;
        this.device = device;
        this.inUse = inUse;
        use(load(registry.active()));
    }

    private void use(Loaded loaded) {
        current = loaded;
        inUse.accept(loaded.version.version());
    }

    /** A version in memory. Being the current version counts as one user, besides its embedders. */
    private static final class Loaded {
        /** Always the same one, but its calibration may change. */
        volatile ModelVersion version;

        final Network network;
        private int users = 1;

        Loaded(ModelVersion version, Network network) {
            this.version = version;
            this.network = network;
        }

        synchronized boolean use() {
            if (users == 0) {
                return false;
            }
            users++;
            return true;
        }

        synchronized void leave() {
            users--;
            if (users == 0) {
                network.close();
                LOG.infof("%s is no longer in use", version.version());
            }
        }
    }

    /** An embedder of the active version, for one thread; close it. */
    public final class Use implements AutoCloseable {
        private final Loaded loaded;
        private final FaceEmbedder embedder;

        private Use(Loaded loaded) {
            this.loaded = loaded;
            this.embedder = new FaceEmbedder(loaded.network, loaded.version.inputSide());
        }

        public FaceEmbedder embedder() {
            return embedder;
        }

        /**
         * Embeds on several threads of a CPU; on a GPU, on one. Close it before this.
         *
         * @param threads at least 1
         */
        ParallelEmbedder parallel(int threads) {
            Network network = loaded.network;
            return new ParallelEmbedder(
                    network.runsOnGpu() ? 1 : threads, () -> new FaceEmbedder(network, loaded.version.inputSide()));
        }

        /** The version, with its calibration as the registry had it lately. */
        public ModelVersion version() {
            return loaded.version;
        }

        /** Whether this is still the active version. */
        public boolean isCurrent() {
            return loaded == current;
        }

        @Override
        public void close() {
            embedder.close();
            loaded.leave();
        }
    }

    public Use use() {
        while (true) {
            Loaded loaded = current;
            if (loaded.use()) {
                return new Use(loaded);
            }
            if (loaded == current) {
                throw new IllegalStateException("the networks are closed");
            }
        }
    }

    /**
     * Checks the registry and loads the active version if it has changed. Must be called by one thread.
     *
     * @throws SQLException if the database does not answer; the current version stays in use
     */
    void refresh() throws SQLException {
        ModelVersion active = registry.active();
        Loaded old = current;
        if (active.version().equals(old.version.version())) {
            old.version = active;
        } else {
            long started = System.nanoTime();
            use(load(active));
            LOG.infof(
                    "%s takes over from %s; loaded in %d ms",
                    active.version(), old.version.version(), (System.nanoTime() - started) / 1_000_000);
            old.leave();
        }
    }

    private Loaded load(ModelVersion version) throws SQLException {
        Network network = Network.load(version.version(), registry.weights(version), device);
        try {
            warmUp(network, version.inputSide());
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
        return new Loaded(version, network);
    }

    /**
     * The first runs of a network take several times as long as later ones. A version may have a network of its own for
     * faces that look far, as a slope of grey does.
     */
    private static void warmUp(Network network, int inputSide) {
        int side = FaceAligner.CHIP_SIZE;
        try (FaceEmbedder embedder = new FaceEmbedder(network, inputSide);
                Picture grey = new Picture(new Mat(side, side, CV_8UC3, Scalar.all(127)));
                Picture slope = slope(side)) {
            for (Picture picture : List.of(grey, slope)) {
                embedder.embedEach(List.of(picture));
                embedder.embedEach(Collections.nCopies(FaceEmbedder.BATCH, picture));
            }
        }
    }

    private static Picture slope(int side) {
        Mat rgb = new Mat(side, side, CV_8UC3);
        ByteBuffer pixels = rgb.createBuffer();
        for (int i = 0; i < pixels.capacity(); i++) {
            pixels.put(i, (byte) (i / 3 % side));
        }
        return new Picture(rgb);
    }

    @Override
    public void close() {
        current.leave();
    }
}
