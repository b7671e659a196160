package io.facestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.evaluation.LabelledPhotos;
import io.facestream.faces.DetectionConfig;
import io.facestream.faces.FaceDetectors;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.Quality;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.EnrolmentConfig;
import io.facestream.gallery.EnrolmentGate;
import io.facestream.gallery.EnrolmentRejection;
import io.facestream.messaging.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = {
            "Says which of the photos DIR/NAME/* would be rejected and why; enrols nothing.",
            "Needs neither broker nor database. Exits with 1 if any would be rejected."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "A folder with a folder of photos for each person.")
    private Path folder;

    @Option(names = "--json", description = "Prints a photo a line, as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** What would come of a photo; no reason where it would be accepted. */
    record Verdict(String file, String name, String reason, String message, Quality quality) {}

    @Override
    public Integer call() throws IOException {
        List<LabelledPhotos.Photo> photos = LabelledPhotos.in(folder);
        Settings settings = Settings.load();
        List<Verdict> verdicts = new ArrayList<>();
        try (FaceDetectors detectors = FaceDetectors.load(settings.get(DetectionConfig.class));
                FaceFinder finder = new FaceFinder(detectors.detector());
                ProgressBar bar = Progress.bar("Checking", photos.size(), json)) {
            EnrolmentGate gate = new EnrolmentGate(
                    new PictureDecoder(settings.get(PictureBounds.class)), finder, settings.get(EnrolmentConfig.class));
            for (LabelledPhotos.Photo photo : photos) {
                verdicts.add(check(gate, photo));
                bar.step();
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        verdicts.forEach(verdict -> out.println(
                json
                        ? new String(Json.write(verdict), UTF_8)
                        : PhotoLine.of(verdict.file(), verdict.reason(), verdict.message(), verdict.quality())));
        long rejected =
                verdicts.stream().filter(verdict -> verdict.reason() != null).count();
        if (!json) {
            out.println(rejected + " of " + photos.size() + " photos would be rejected.");
        }
        return rejected == 0 ? 0 : 1;
    }

    private static Verdict check(EnrolmentGate gate, LabelledPhotos.Photo photo) throws IOException {
        String file = photo.file().toString();
        try (FaceView view = gate.find(photo.bytes())) {
            Optional<EnrolmentRejection> rejection = gate.check(view.quality());
            return new Verdict(
                    file,
                    photo.name(),
                    rejection.map(reason -> reason.reason().code()).orElse(null),
                    rejection.map(Throwable::getMessage).orElse(null),
                    view.quality());
        } catch (EnrolmentRejection e) {
            return new Verdict(file, photo.name(), e.reason().code(), e.getMessage(), null);
        }
    }
}
