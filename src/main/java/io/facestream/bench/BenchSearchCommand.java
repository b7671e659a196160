package io.facestream.bench;

import io.facestream.embedded.ScratchFolder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "search",
        description = {
            "Measures the search in a large gallery of made-up people.",
            "In a database of its own: the time to build the index, its size, how often it finds the nearest template"
                    + " of enrolled people and of strangers, and how long a search takes, warm and after a restart,"
                    + " beside a search through all templates.",
            "A million people take about 3 GB of disk, 2 GB of memory and half an hour."
        },
        mixinStandardHelpOptions = true)
final class BenchSearchCommand implements Callable<Integer> {
    private static final int FEWEST_PEOPLE = 1_000;
    private static final int MOST_PEOPLE = 10_000_000;
    private static final int MOST_PHOTOS = 100;
    private static final int FEWEST_PROBES = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--people",
            paramLabel = "N",
            defaultValue = "100000",
            description = "People in the gallery, 1,000 to 10,000,000; default: ${DEFAULT-VALUE}.")
    private int people;

    @Option(
            names = "--photos",
            paramLabel = "N",
            defaultValue = "3",
            description = "Photos of each person, 1 to 100; default: ${DEFAULT-VALUE}.")
    private int photos;

    @Option(
            names = "--probes",
            paramLabel = "N",
            defaultValue = "500",
            description = "Probes of enrolled people, and as many of strangers, 100 to the number of people;"
                    + " default: ${DEFAULT-VALUE}.")
    private int probes;

    @Option(
            names = "--report",
            paramLabel = "OUT.json",
            defaultValue = "",
            description = "Writes the figures to this file.")
    private String report;

    @Override
    public Integer call() throws Exception {
        check("--people", people, FEWEST_PEOPLE, MOST_PEOPLE);
        check("--photos", photos, 1, MOST_PHOTOS);
        check("--probes", probes, FEWEST_PROBES, people);
        SearchBench.Report figures;
        try (ScratchFolder scratch = ScratchFolder.make()) {
            figures = new SearchBench(
                            scratch.path().resolve("postgres"), people, photos, probes, step -> spec.commandLine()
                                    .getErr()
                                    .println(step))
                    .run();
        }
        spec.commandLine().getOut().println(BenchReport.of(figures, report));
        return 0;
    }

    private void check(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + least + " to " + most + ", not " + value);
        }
    }
}
