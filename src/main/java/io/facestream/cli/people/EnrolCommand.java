package io.facestream.cli.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.people.Enrolment.LabelledPhoto;
import io.facestream.cli.people.Enrolment.Result;
import io.facestream.cli.terminal.Progress;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.configuration.Settings;
import io.facestream.enrolment.Acceptance;
import io.facestream.frames.PhotoFile;
import io.facestream.frames.PictureBounds;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.photos.LabelledPhotos;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "enrol",
        description = {
            "Publishes DIR/NAME/* to labelled-faces and waits for the answer to each photo.",
            "A photo too large for a record is published as a smaller JPEG. Files that are not photos are left out.",
            "Exits with 1 if not a single photo was accepted."
        },
        mixinStandardHelpOptions = true)
public final class EnrolCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "A folder with a folder of photos for each person.")
    private Path folder;

    @Option(
            names = "--even-if-alike",
            description = "Accepts a photo that looks like another enrolled person, such as a twin.")
    private boolean evenIfAlike;

    @Option(
            names = "--even-if-unlike",
            description = "Accepts a photo unlike the person's others, such as one from childhood.")
    private boolean evenIfUnlike;

    @Option(names = "--json", description = "Prints one line of JSON per answer.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** The outcome for a photo that was not published, or not answered. */
    record Unpublished(String file, String name, String outcome, String message) {}

    @Override
    public Integer call() throws Exception {
        Settings settings = Settings.load();
        PictureBounds bounds = settings.get(PictureBounds.class);
        LabelledPhotos found = LabelledPhotos.of(folder);
        Map<String, String> changes = new HashMap<>();
        List<LabelledPhoto> photos = found.photos().stream()
                .map(photo -> new LabelledPhoto(
                        photo.file().toString(), photo.name(), () -> read(photo.file(), bounds, changes)))
                .toList();
        List<Result> results;
        try (ProgressBar bar = Progress.bar("Enrolling", photos.size(), json)) {
            results = new Enrolment(settings, accept()).enrol(photos, bar::step);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        results.forEach(result -> out.println(json ? json(result) : line(result, changes)));
        found.report(err::println);
        long accepted = results.stream().filter(Result::accepted).count();
        if (!json) {
            out.println(accepted + " of " + photos.size() + " photos accepted.");
        }
        return accepted > 0 ? 0 : 1;
    }

    private String accept() {
        Set<Acceptance> accepted = EnumSet.noneOf(Acceptance.class);
        if (evenIfAlike) {
            accepted.add(Acceptance.ALIKE);
        }
        if (evenIfUnlike) {
            accepted.add(Acceptance.UNLIKE);
        }
        return Acceptance.header(accepted);
    }

    private static byte[] read(Path file, PictureBounds bounds, Map<String, String> changes)
            throws RejectedException, IOException {
        PhotoFile photo = PhotoFile.read(file, bounds, RecordPublisher.maxPictureBytes(Topic.LABELLED_FACES));
        if (photo.change() != null) {
            changes.put(file.toString(), photo.change());
        }
        return photo.image();
    }

    private static String line(Result result, Map<String, String> changes) {
        String file = result.photo().label();
        if (result.answer() == null) {
            return PhotoLine.rejected(file, result.fault());
        }
        return PhotoLine.of(result.answer(), file, changes.get(file));
    }

    private static String json(Result result) {
        Object line = result.answer() != null
                ? result.answer()
                : new Unpublished(result.photo().label(), result.photo().name(), "REJECTED", result.fault());
        return new String(Json.write(line), UTF_8);
    }
}
