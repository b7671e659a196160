package io.facestream.web.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * What the view shows.
 *
 * @param asked a command that was sent a moment ago; null if none was
 */
public record Versions(List<ShownVersion> versions, List<ShownTraining> trainings, UUID asked) {
    private static final int CHARACTERS = 8;
    private static final int SECONDS = 10;

    public Versions {
        versions = List.copyOf(versions);
        trainings = List.copyOf(trainings);
    }

    /** Whether the role training has not taken what was asked for. */
    public boolean isUnheard() {
        return asked != null && trainings.stream().noneMatch(each -> each.id().equals(asked));
    }

    /** Whether there is a version beside whose base its figures stand. */
    public boolean isCompared() {
        return versions.stream().anyMatch(each -> !each.comparisons().isEmpty());
    }

    /** Changes with what is shown. */
    public String revision() {
        // What is left changes by itself; nobody needs to see each of its seconds.
        List<Long> left = trainings.stream()
                .map(ShownTraining::left)
                .map(each -> each == null ? null : each.toSeconds() / SECONDS)
                .toList();
        byte[] hash = Sha256.of((versions.toString() + trainings + left).getBytes(UTF_8));
        return HexFormat.of().formatHex(hash, 0, CHARACTERS);
    }
}
