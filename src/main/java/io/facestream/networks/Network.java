package io.facestream.networks;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.tensorflow.engine.javacpp.JavacppUtils;
import ai.djl.translate.Translator;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ConfigProto;

/**
 * A network in memory, ready to run. It may be shared between threads; the predictors it makes may not. Close it after
 * its predictors.
 */
public final class Network implements AutoCloseable {
    /** Limits what a broken or hostile archive can write: eight times ResNet50. */
    static final int MAX_UNPACKED_BYTES = 1 << 30;

    /** What names of scratch folders begin with; several processes of a machine share the temporary folder. */
    static final String SCRATCH =
            "facestream-network-" + ProcessHandle.current().pid() + "-";

    private static final int MAX_ENTRIES = 100;

    private final Model model;

    private Network(Model model) {
        this.model = model;
    }

    /**
     * Loads a network that ships with FaceStream.
     *
     * @param name of the file {@code models/NAME.zip} on the class path
     * @throws IllegalStateException if {@code device} is not there
     */
    public static Network shipped(String name, ComputeDevice device) {
        String resource = "/models/" + name + ".zip";
        try (InputStream zip = Network.class.getResourceAsStream(resource)) {
            if (zip == null) {
                throw new IllegalArgumentException(
                        "no network " + name + ": " + resource + " is not on the class path");
            }
            return load(name, zip, device);
        } catch (IOException e) {
            throw new UncheckedIOException("network " + name + " could not be unpacked", e);
        }
    }

    /**
     * Loads a network from a TensorFlow SavedModel with the signature {@code serving_default}.
     *
     * @param name for messages
     * @param savedModel a zip with {@code saved_model.pb} at its root, and the folder {@code variables} if it has any
     * @throws IllegalArgumentException if the bytes are not such a zip
     * @throws IllegalStateException if {@code device} is not there
     */
    public static Network load(String name, byte[] savedModel, ComputeDevice device) {
        return load(name, new ByteArrayInputStream(savedModel), device);
    }

    private static Network load(String name, InputStream zip, ComputeDevice computeDevice) {
        Engine engine = NativeLibraries.tensorFlow();
        Device device = computeDevice.in(engine);
        Model model = engine.newModel(name, device);
        try {
            loadUnpacked(model, zip, session(device));
            return new Network(model);
        } catch (FileNotFoundException | ZipException | MalformedModelException | TensorFlowException e) {
            model.close();
            throw new IllegalArgumentException("network " + name + " is not a zip of a TensorFlow SavedModel", e);
        } catch (IOException e) {
            model.close();
            throw new UncheckedIOException("network " + name + " could not be unpacked", e);
        }
    }

    /** The folder can be deleted at once, because TensorFlow has read all of it. */
    private static void loadUnpacked(Model model, InputStream zip, ConfigProto session)
            throws IOException, MalformedModelException {
        Path folder = scratchFolder();
        try {
            unpack(zip, folder);
            model.load(folder, null, Map.of("ConfigProto", session));
        } finally {
            delete(folder);
        }
    }

    /**
     * On a CPU, the calling thread executes the graph, and all of each operation. Where operations depend on each
     * other, passing them to other threads gains nothing, and sharing one among threads takes up to twice the CPU time:
     * operations of small networks take less long than waking threads. Callers share the pictures instead.
     */
    private static ConfigProto session(Device device) {
        if (device.isGpu()) {
            return JavacppUtils.getSessionConfig();
        }
        return ConfigProto.newBuilder()
                .putDeviceCount("GPU", 0)
                .setIntraOpParallelismThreads(1)
                .setInterOpParallelismThreads(-1)
                .build();
    }

    public boolean runsOnGpu() {
        return model.getNDManager().getDevice().isGpu();
    }

    /** A predictor for one thread, to be reused; close it before this network. */
    public <I, O> Predictor<I, O> newPredictor(Translator<I, O> translator) {
        return model.newPredictor(translator);
    }

    @Override
    public void close() {
        model.close();
    }

    private static void unpack(InputStream zip, Path folder) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(zip)) {
            long left = MAX_UNPACKED_BYTES;
            int count = 0;
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder) || ++count > MAX_ENTRIES) {
                    throw new ZipException("entry " + entry.getName() + " leaves the archive, or is one of too many");
                }
                if (entry.isDirectory()) {
                    continue;
                }
                Files.createDirectories(target.getParent());
                left = copy(entries, target, left);
            }
        }
    }

    /** Returns how much of the budget {@code left} remains. */
    private static long copy(InputStream entry, Path target, long left) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream file = Files.newOutputStream(target)) {
            for (int read = entry.read(buffer); read >= 0; read = entry.read(buffer)) {
                left -= read;
                if (left < 0) {
                    throw new ZipException("more than " + MAX_UNPACKED_BYTES + " bytes when unpacked");
                }
                file.write(buffer, 0, read);
            }
        }
        return left;
    }

    /** Work on a SavedModel in a folder that is deleted afterwards. */
    interface Unpacked {
        void in(Path folder);
    }

    /** @throws IllegalArgumentException if the bytes are not a zip of bounded size */
    static void unpacked(String name, byte[] savedModel, Unpacked use) {
        try {
            Path folder = scratchFolder();
            try {
                unpack(new ByteArrayInputStream(savedModel), folder);
                use.in(folder);
            } finally {
                delete(folder);
            }
        } catch (ZipException e) {
            throw new IllegalArgumentException("network " + name + " is not a zip of a TensorFlow SavedModel", e);
        } catch (IOException e) {
            throw new UncheckedIOException("network " + name + " could not be unpacked", e);
        }
    }

    private static Path scratchFolder() throws IOException {
        return Files.createTempDirectory(SCRATCH);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
