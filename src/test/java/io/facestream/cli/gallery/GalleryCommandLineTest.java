package io.facestream.cli.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.facestream.cli.CommandRun;
import io.facestream.curation.message.GalleryCommand;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GalleryCommandLineTest {
    @Test
    void everyGalleryCommandIsASubcommand() {
        List<String> kinds = Arrays.stream(
                        GalleryCommand.class.getAnnotation(JsonSubTypes.class).value())
                .map(JsonSubTypes.Type::name)
                .map(kind -> kind.equals("delete-sample") ? "delete-photo" : kind)
                .toList();

        assertThat(new CommandLine(new GalleryCommandLine()).getSubcommands())
                .containsKeys(kinds.toArray(new String[0]));
    }

    @Test
    void aVisitIsKeptOnlyIfItsSourceIsSaid() {
        CommandRun run = CommandRun.of("gallery", "keep-stranger", "camera-frames-0-0#0");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Missing required option: '--source=SOURCE'");
    }
}
