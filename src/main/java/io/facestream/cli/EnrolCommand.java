package io.facestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.Enrolment.LabelledPhoto;
import io.facestream.evaluation.LabelledPhotos;
import io.facestream.gallery.EnrolmentAnswer;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            "Publishes DIR/NAME/* to labelled-faces and waits for what comes of each photo.",
            "Exits with 1 if not a single photo was accepted."
        },
        mixinStandardHelpOptions = true)
final class EnrolCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "A folder with a folder of photos for each person.")
    private Path folder;

    @Option(names = "--json", description = "Prints an answer a line, as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<LabelledPhoto> photos = new ArrayList<>();
        for (LabelledPhotos.Photo photo : LabelledPhotos.in(folder)) {
            byte[] bytes = photo.bytes();
            if (bytes.length > RecordPublisher.maxPictureBytes(Topic.LABELLED_FACES)) {
                throw new IllegalArgumentException(
                        photo.file() + " has " + bytes.length + " bytes, and a record takes at most "
                                + RecordPublisher.maxPictureBytes(Topic.LABELLED_FACES));
            }
            photos.add(new LabelledPhoto(photo.file().toString(), photo.name(), bytes));
        }
        Map<String, EnrolmentAnswer> answers;
        try (ProgressBar bar = Progress.bar("Enrolling", photos.size(), json)) {
            answers = new Enrolment(Settings.load()).enrol(photos, answer -> bar.step());
        }
        PrintWriter out = spec.commandLine().getOut();
        long accepted = answers.values().stream()
                .filter(answer -> answer.outcome() == EnrolmentAnswer.Outcome.ACCEPTED)
                .count();
        answers.forEach((file, answer) -> out.println(
                json
                        ? new String(Json.write(answer), UTF_8)
                        : PhotoLine.of(file, answer.reason(), answer.message(), answer.quality())));
        if (!json) {
            out.println(accepted + " of " + photos.size() + " photos accepted.");
        }
        return accepted > 0 ? 0 : 1;
    }
}
