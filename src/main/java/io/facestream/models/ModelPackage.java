package io.facestream.models;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.networks.NetworkProbe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A model as a file: a zip or folder with a TensorFlow SavedModel and {@code facestream.json} beside {@code
 * saved_model.pb}. A SavedModel is a program, so load it only if you trust its maker.
 */
public final class ModelPackage {
    /** More than twice ResNet50. The whole model is held in memory. */
    private static final long MAX_BYTES = 256L << 20;

    private static final int MAX_FILES = 100;
    private static final String GRAPH = "saved_model.pb";
    private static final String SIGNATURE = "serving_default";
    private static final String OUTPUT = "embedding";

    /** The earliest time that a zip file can express, so that the same content gives the same file. */
    private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 1, 1, 0, 0);

    private ModelPackage() {}

    /**
     * Writes a version with its weights, as a zip if the name ends in {@code .zip}, else as a folder.
     *
     * @throws FileAlreadyExistsException if the target exists
     */
    public static void write(ModelVersion version, byte[] weights, Path to) throws IOException {
        if (Files.exists(to)) {
            throw new FileAlreadyExistsException(to.toString());
        }
        Map<String, byte[]> files = unzip(new ByteArrayInputStream(weights), version.version());
        files.put(ModelDescription.FILE, Json.write(ModelDescription.of(version)));
        if (to.toString().endsWith(".zip")) {
            Files.write(to, zip(files));
            return;
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = to.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
    }

    /**
     * Reads a model in the format of {@link #write}.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static ModelCandidate read(Path from) throws IOException {
        Map<String, byte[]> files = Files.isDirectory(from) ? folder(from) : zipFile(from);
        byte[] json = files.remove(ModelDescription.FILE);
        if (json == null) {
            throw new IllegalArgumentException(from + " has no " + ModelDescription.FILE
                    + ", which says what the network takes: `models export` writes one as an example");
        }
        byte[] graph = files.get(GRAPH);
        if (graph == null) {
            throw new IllegalArgumentException(from + " has no " + GRAPH + " at its root: it is not a SavedModel");
        }
        ModelDescription description = description(from, json);
        ModelCandidate candidate = description.candidate(zip(files));
        checkSignature(from.toString(), graph, candidate.inputSide());
        int dimensions = NetworkProbe.dimensions(from.toString(), candidate.savedModel(), candidate.inputSide());
        if (description.dimensions() != null && description.dimensions() != dimensions) {
            throw new IllegalArgumentException(from + " yields " + dimensions + " dimensions, and "
                    + ModelDescription.FILE + " says " + description.dimensions());
        }
        return candidate;
    }

    private static ModelDescription description(Path from, byte[] json) {
        try {
            return Json.read(json, ModelDescription.class);
        } catch (RejectedException e) {
            throw new IllegalArgumentException(from + "/" + ModelDescription.FILE + ": " + e.getMessage(), e);
        }
    }

    private static void checkSignature(String name, byte[] graph, int side) throws IOException {
        SavedModel model;
        try {
            model = SavedModel.parseFrom(graph);
        } catch (IOException e) {
            throw new IllegalArgumentException(name + ": " + GRAPH + " is not a SavedModel", e);
        }
        SignatureDef signature = model.getMetaGraphsCount() == 0
                ? null
                : model.getMetaGraphs(0).getSignatureDefMap().get(SIGNATURE);
        if (signature == null || signature.getInputsCount() != 1) {
            throw new IllegalArgumentException(name + " has no signature " + SIGNATURE + " with one input");
        }
        TensorInfo input = signature.getInputsMap().values().iterator().next();
        if (input.getDtype() != DataType.DT_UINT8 || !takes(input.getTensorShape(), side)) {
            throw new IllegalArgumentException(name + " takes " + text(input) + ", not uint8 [-1, " + side + ", " + side
                    + ", 3]: RGB pictures, any number of them");
        }
        TensorInfo output = signature.getOutputsMap().get(OUTPUT);
        if (output == null || output.getDtype() != DataType.DT_FLOAT) {
            throw new IllegalArgumentException(name + " yields "
                    + signature.getOutputsMap().keySet() + ", and not " + OUTPUT + ": float [n, dimensions]");
        }
    }

    private static boolean takes(TensorShapeProto shape, int side) {
        if (shape.getUnknownRank()) {
            return true;
        }
        long[] wanted = {-1, side, side, 3};
        if (shape.getDimCount() != wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            long size = shape.getDim(i).getSize();
            if (size != -1 && size != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(TensorInfo tensor) {
        return tensor.getDtype().name().substring("DT_".length()).toLowerCase(java.util.Locale.ROOT) + " "
                + tensor.getTensorShape().getDimList().stream()
                        .map(TensorShapeProto.Dim::getSize)
                        .toList();
    }

    private static Map<String, byte[]> folder(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        Budget budget = new Budget(folder.toString());
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                try (InputStream content = Files.newInputStream(path)) {
                    String name = folder.relativize(path).toString().replace('\\', '/');
                    files.put(name, budget.read(content));
                }
            }
        }
        return files;
    }

    private static Map<String, byte[]> zipFile(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return unzip(content, file.toString());
        }
    }

    private static Map<String, byte[]> unzip(InputStream content, String name) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        Budget budget = new Budget(name);
        try (ZipInputStream entries = new ZipInputStream(content)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (Path.of(entry.getName()).isAbsolute()
                        || Path.of(entry.getName()).normalize().startsWith("..")) {
                    throw new IllegalArgumentException(name + ": entry " + entry.getName() + " leaves the archive");
                }
                if (!entry.isDirectory()) {
                    files.put(entry.getName(), budget.read(entries));
                }
            }
        }
        return files;
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(ALWAYS);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /** The remaining limits on bytes and files. */
    private static final class Budget {
        private final String name;
        private long bytes = MAX_BYTES;
        private int files = MAX_FILES;

        Budget(String name) {
            this.name = name;
        }

        byte[] read(InputStream content) throws IOException {
            byte[] read = content.readNBytes((int) bytes + 1);
            bytes -= read.length;
            if (bytes < 0 || --files < 0) {
                throw new IllegalArgumentException(
                        name + " has more than " + (MAX_BYTES >> 20) + " MiB, or more than " + MAX_FILES + " files");
            }
            return read;
        }
    }
}
