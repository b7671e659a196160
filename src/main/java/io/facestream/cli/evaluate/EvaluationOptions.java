package io.facestream.cli.evaluate;

import io.facestream.configuration.Settings;
import io.facestream.evaluation.ErrorFolder;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationData.ListFile;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.EmbeddingCache;
import io.facestream.photos.FarCamera;
import io.facestream.photos.LabelledPhotos;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoGroups;
import io.facestream.photos.TextFile;
import io.facestream.photos.Undecodable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that all evaluations share. */
final class EvaluationOptions {
    private static final int MOST_NAMED = 5;

    @Option(
            names = "--images",
            required = true,
            paramLabel = "DIR",
            description = "Photos: DIR/NAME/*; for detection DIR/*.")
    private Path images;

    @Option(
            names = "--report",
            paramLabel = "OUT.json",
            description = "Writes the figures to this file, and plots beside it.")
    private Path report;

    @Option(
            names = "--errors",
            paramLabel = "DIR",
            description = "Writes a picture of every error into this folder, and index.csv, which lists them.")
    private Path errors;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description =
                    "Caches the networks' results in this folder; the next run with the same photos, model, detector"
                            + " and build reuses them. They are face templates, which only the owner may read."
                            + " Takes at most 1 GiB.")
    private Path cache;

    @Option(
            names = "--model",
            paramLabel = "VERSION",
            description = "A version in the database's registry, or mobilefacenet-pair, which ships with this build;"
                    + " default: the network that ships with this build.")
    private String model;

    @Option(
            names = "--people",
            paramLabel = "FILE",
            description = "Only these people of --images, one name per line; default: all, or for verification those of"
                    + " --pairs.")
    private Path people;

    @Option(
            names = "--degrade",
            paramLabel = "SIZE",
            description = "Degrades aligned faces as a far camera does, to SIZE pixels or SMALLEST-LARGEST, 8 to 112.")
    private String degrade;

    @Option(
            names = "--degrade-share",
            paramLabel = "SHARE",
            defaultValue = "1",
            description = "Share of the photos that are degraded; default: ${DEFAULT-VALUE}.")
    private double degradeShare;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of drawings, noise and bootstrap; default: ${DEFAULT-VALUE}.")
    private long seed;

    Path images() {
        return images;
    }

    long seed() {
        return seed;
    }

    /** Refuses impossible options before anything is read or created. */
    void check() throws IOException {
        farCamera();
        if (!Files.isDirectory(images)) {
            throw new IOException(images + " is not a folder");
        }
    }

    /** The folder for errors, created if need be; empty without --errors. */
    Optional<ErrorFolder> errors() throws IOException {
        return errors == null ? Optional.empty() : Optional.of(ErrorFolder.open(errors));
    }

    /**
     * The report's file, its folder created if need be; empty without --report. Obstacles are reported before the long
     * work.
     */
    Optional<Path> report() throws IOException {
        if (report == null) {
            return Optional.empty();
        }
        Path folder = report.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(report)) {
            throw new IOException(report + " is a folder: the report is a file");
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(folder + " is not a folder");
        }
        Files.createDirectories(folder);
        if (!Files.isWritable(Files.exists(report) ? report : folder)) {
            throw new IOException(report + " is not writable");
        }
        return Optional.of(report);
    }

    /** The names of --people; empty for all. */
    Set<String> people() throws IOException {
        if (people == null) {
            return Set.of();
        }
        Set<String> names = TextFile.lines(people).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        if (names.isEmpty()) {
            throw new IOException(people + " holds no names");
        }
        return names;
    }

    /** The photos of --images, limited to --people. */
    List<Photo> photos(PrintWriter err) throws IOException {
        return photos(people(), people, err);
    }

    /**
     * The photos of --images, limited to the given people.
     *
     * @param names names of people; empty for all
     * @param list file that names them
     * @param err gets a line about people without photos, and about files that are left out
     */
    List<Photo> photos(Set<String> names, Path list, PrintWriter err) throws IOException {
        LabelledPhotos found = LabelledPhotos.of(images);
        found.report(err::println);
        List<Photo> photos = found.photos().stream()
                .filter(photo -> names.isEmpty() || names.contains(TextFile.normalised(photo.name())))
                .toList();
        if (photos.isEmpty()) {
            throw new IOException("no photos in " + images + " of the people of " + list);
        }
        Set<String> withPhotos =
                photos.stream().map(photo -> TextFile.normalised(photo.name())).collect(Collectors.toSet());
        List<String> missing =
                names.stream().filter(name -> !withPhotos.contains(name)).toList();
        if (!missing.isEmpty()) {
            err.println(missing.size() + " of the " + names.size() + " people of " + list + " have no photos in "
                    + images + ": " + named(missing));
        }
        return photos;
    }

    /**
     * The groups of a folder of photos; empty if it says nothing about groups.
     *
     * @param err gets a line about names that are not in the folder
     */
    static Optional<PhotoGroups> groups(Path folder, PrintWriter err) throws IOException {
        Optional<PhotoGroups> groups = PhotoGroups.in(folder);
        if (groups.isPresent()) {
            groups.get().check(LabelledPhotos.of(folder).photos(), err::println);
        }
        return groups;
    }

    private static String named(List<String> names) {
        return names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (names.size() > MOST_NAMED ? ", ..." : "");
    }

    /**
     * The photos that can be decoded; only they count.
     *
     * @throws IOException if there are none
     */
    static List<EmbeddedPhoto> decodable(List<EmbeddedPhoto> photos) throws IOException {
        List<EmbeddedPhoto> decodable =
                photos.stream().filter(EmbeddedPhoto::decodable).toList();
        if (decodable.isEmpty()) {
            Undecodable first = EvaluationData.undecodable(photos).get(0);
            throw new IOException(
                    "none of the " + photos.size() + " photos can be decoded; " + first.file() + ": " + first.reason());
        }
        return decodable;
    }

    boolean degrades() {
        return degrade != null;
    }

    /** Empty without --degrade. */
    Optional<FarCamera> farCamera() {
        if (degrade == null) {
            return Optional.empty();
        }
        String[] sizes = degrade.split("-", 2);
        try {
            return Optional.of(new FarCamera(
                    Integer.parseInt(sizes[0]), Integer.parseInt(sizes[sizes.length - 1]), degradeShare, seed));
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "--degrade is a size in pixels, or two joined by a hyphen, not " + degrade);
        }
    }

    /**
     * Loads the detector and the recognition network of --model. They process as many photos at a time as there are
     * cores.
     */
    EvaluationNetworks load(Settings settings) throws SQLException, IOException {
        return load(settings, model);
    }

    /** @param model its version in the registry; null for the network that ships with this build */
    EvaluationNetworks load(Settings settings, String model) throws SQLException, IOException {
        Optional<FarCamera> camera = farCamera();
        Optional<EmbeddingCache> kept = cache == null ? Optional.empty() : Optional.of(EmbeddingCache.open(cache));
        return EvaluationNetworks.load(settings, model, camera, kept);
    }

    /**
     * The data that a report is about.
     *
     * @param lists list files that were given, by their option's name
     * @param photos all that took part
     */
    EvaluationData data(
            EvaluationData.Folder folder,
            EvaluationData.Folder strangers,
            Map<String, Path> lists,
            Collection<EmbeddedPhoto> photos)
            throws IOException {
        return new EvaluationData(
                folder, strangers, files(lists), EvaluationData.identical(photos), EvaluationData.undecodable(photos));
    }

    /** The given list files, with that of --people. */
    Map<String, ListFile> files(Map<String, Path> lists) throws IOException {
        Map<String, ListFile> files = new LinkedHashMap<>();
        for (Map.Entry<String, Path> list : lists.entrySet()) {
            files.put(list.getKey(), ListFile.of(list.getValue()));
        }
        if (people != null) {
            files.put("people", ListFile.of(people));
        }
        return files;
    }
}
