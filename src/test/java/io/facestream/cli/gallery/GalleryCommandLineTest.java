package io.facestream.cli.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.facestream.cli.CommandRun;
import io.facestream.curation.message.GalleryCommand;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @ParameterizedTest
    @ValueSource(strings = {"57", "2@x@57", "2@", "@57", "-1@57", "2@99999999999999999999"})
    void aPlaceOfAChipIsAPartitionAndAnOffset(String chip) {
        CommandRun run = CommandRun.of(
                "gallery", "not-this-person", "Ada", "--source", "/cameras/door", "--event", "e#0", "--chip", chip);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--chip is PARTITION@OFFSET, not " + chip);
    }
}
