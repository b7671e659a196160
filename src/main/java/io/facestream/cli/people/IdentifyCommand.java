package io.facestream.cli.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.terminal.Failures;
import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.PhotoFile;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.GallerySearch;
import io.facestream.identities.Identification;
import io.facestream.identities.Matcher;
import io.facestream.identities.MatchingConfig;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "identify",
        description = {
            "Says who is in pictures, by the gallery. Publishes nothing.",
            "Exits with 1 if a picture could not be processed."
        },
        mixinStandardHelpOptions = true)
public final class IdentifyCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "JPEG, PNG or WebP files.")
    private List<Path> images;

    @Option(names = "--annotate", paramLabel = "DIR", description = "Writes them there, with boxes and names.")
    private Path annotate;

    @Option(names = "--json", description = "Prints one line of JSON per picture.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /**
     * A picture and the people in it, or an error if it could not be processed.
     *
     * @param damaged true if parts of the picture were lost and filled in by a decoder; else absent
     */
    record Identified(String file, Boolean damaged, List<IdentifiedFace> faces, String modelVersion, String error) {}

    @Override
    public Integer call() throws IOException, SQLException {
        if (annotate != null
                && images.stream().map(Path::getFileName).distinct().count() < images.size()) {
            throw new ParameterException(
                    spec.commandLine(), "pictures of the same name would overwrite each other in " + annotate);
        }
        Settings settings = Settings.load();
        DataSource database = settings.database();
        ModelRegistry registry = new ModelRegistry(database);
        ModelVersion version = registry.active();
        Matcher matcher = new Matcher(new GallerySearch(database), settings.get(MatchingConfig.class));
        PictureBounds bounds = settings.get(PictureBounds.class);
        PictureDecoder decoder = new PictureDecoder(bounds);
        if (annotate != null) {
            Files.createDirectories(annotate);
        }
        boolean failed = false;
        try (FaceDetectors detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
                FaceFinder finder = new FaceFinder(detectors.detector());
                Network network = Network.load(version.version(), registry.weights(version), ComputeDevice.AUTO);
                FaceEmbedder embedder = new FaceEmbedder(network, version.inputSide())) {
            for (Path image : images) {
                Identified identified;
                try (Picture picture = decoder.decode(read(image, bounds))) {
                    List<IdentifiedFace> faces = identify(picture, finder, embedder, matcher, version);
                    identified = new Identified(
                            image.toString(), picture.damaged() ? true : null, faces, version.version(), null);
                    if (annotate != null) {
                        Annotation.write(picture, faces, annotate.resolve(image.getFileName() + ".png"));
                    }
                } catch (RejectedException | IOException | NoEmbeddingException e) {
                    identified =
                            new Identified(image.toString(), null, List.of(), version.version(), Failures.oneLine(e));
                    failed = true;
                }
                print(identified);
            }
        }
        return failed ? 1 : 0;
    }

    private byte[] read(Path image, PictureBounds bounds) throws RejectedException, IOException {
        PhotoFile photo = PhotoFile.read(image, bounds, bounds.maxBytes());
        if (photo.change() != null) {
            spec.commandLine().getErr().println(image + ": " + photo.change() + "; the boxes refer to that picture");
        }
        return photo.image();
    }

    private static List<IdentifiedFace> identify(
            Picture picture, FaceFinder finder, FaceEmbedder embedder, Matcher matcher, ModelVersion version)
            throws SQLException {
        List<FaceView> views = finder.find(picture);
        try {
            List<Embedding> embeddings =
                    embedder.embed(views.stream().map(FaceView::chip).toList());
            List<Matcher.Probe> probes = IntStream.range(0, views.size())
                    .mapToObj(i -> new Matcher.Probe(
                            embeddings.get(i),
                            views.get(i).quality().withNorm(embeddings.get(i).norm())))
                    .toList();
            List<Matcher.Match> matches = matcher.match(version, probes);
            List<IdentifiedFace> faces = new ArrayList<>();
            for (int i = 0; i < views.size(); i++) {
                FaceView view = views.get(i);
                Matcher.Match match = matches.get(i);
                faces.add(new IdentifiedFace(
                        view.face().box(),
                        view.face().confidence(),
                        probes.get(i).quality(),
                        match.identification().decision(),
                        match.identification() instanceof Identification.Known known
                                ? known.match().name()
                                : null,
                        match.probability(),
                        match.rule().threshold(),
                        match.candidates()));
            }
            return faces;
        } finally {
            views.forEach(FaceView::close);
        }
    }

    private void print(Identified identified) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new String(Json.write(identified), UTF_8));
        } else if (identified.error() != null) {
            spec.commandLine().getErr().println(identified.file() + ": " + identified.error());
        } else {
            String damage = identified.damaged() == null ? "" : ", parts of it are lost";
            out.println(identified.file() + ": " + identified.faces().size() + " face(s)" + damage);
            identified.faces().forEach(face -> out.println(line(face)));
        }
    }

    private static String line(IdentifiedFace face) {
        String nearest = face.candidates().isEmpty()
                ? "nobody enrolled"
                : String.format(
                        Locale.ROOT,
                        "nearest %s at %.2f (threshold %.2f)",
                        face.candidates().get(0).name(),
                        face.candidates().get(0).distance(),
                        face.threshold());
        return String.format(
                Locale.ROOT,
                "  %-9s %-20s %s  face %d px at %d,%d",
                face.decision(),
                face.name() == null ? "-" : face.name(),
                nearest,
                Math.round(face.quality().size()),
                Math.round(face.box().x()),
                Math.round(face.box().y()));
    }
}
