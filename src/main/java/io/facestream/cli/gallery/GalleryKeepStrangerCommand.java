package io.facestream.cli.gallery;

import io.facestream.curation.message.GalleryCommand;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "keep-stranger",
        description = {
            "Keeps whom a visit is of, so that they are known again: by its best view.",
            "The role sightings does so by itself where somebody was seen well. Needs facestream.strangers.keep."
        },
        mixinStandardHelpOptions = true)
final class GalleryKeepStrangerCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SIGHTING", description = "A visit's sightingId, as `sightings list --json` prints it.")
    private String sighting;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "SOURCE",
            description = "The source of the visit, such as /cameras/lobby.")
    private String source;

    @Option(
            names = "--stranger",
            paramLabel = "STRANGER",
            description = "Who it is, if that is known: an id, as `gallery strangers` lists it.")
    private UUID stranger;

    @Mixin
    private Asking asking;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        return asking.ask(spec, () -> new GalleryCommand.KeepStranger(asking.id(), source, sighting, stranger, null));
    }
}
