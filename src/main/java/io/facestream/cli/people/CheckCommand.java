package io.facestream.cli.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.terminal.Progress;
import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import io.facestream.photos.LabelledPhotos;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            "Says which of the photos DIR/NAME/* would be rejected, and why. Enrols nothing.",
            "Needs neither broker nor database. Exits with 1 if any would be rejected."
        },
        mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "A folder with a folder of photos for each person.")
    private Path folder;

    @Option(names = "--json", description = "Prints one line of JSON per photo.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LabelledPhotos found = LabelledPhotos.of(folder);
        List<LabelledPhotos.Photo> photos = found.photos();
        List<PhotoVerdict> verdicts = new ArrayList<>();
        try (PhotoCheck check = PhotoCheck.load(Settings.load());
                ProgressBar bar = Progress.bar("Checking", photos.size(), json)) {
            for (LabelledPhotos.Photo photo : photos) {
                verdicts.add(check.check(photo));
                bar.step();
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        verdicts.forEach(verdict -> out.println(
                json
                        ? new String(Json.write(verdict), UTF_8)
                        : PhotoLine.of(
                                verdict.file(),
                                verdict.reason(),
                                verdict.message(),
                                verdict.quality(),
                                verdict.notice())));
        found.report(err::println);
        long rejected =
                verdicts.stream().filter(verdict -> verdict.reason() != null).count();
        if (!json) {
            out.println(rejected + " of " + photos.size() + " photos would be rejected.");
        }
        return rejected == 0 && found.faults().isEmpty() ? 0 : 1;
    }
}
