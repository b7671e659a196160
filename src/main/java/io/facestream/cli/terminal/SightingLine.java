package io.facestream.cli.terminal;

import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Subject;
import java.time.Duration;
import java.util.Locale;

/** A message about a visit as one line for a person. */
public final class SightingLine {
    private SightingLine() {}

    public static String of(Sighting sighting) {
        Subject subject = sighting.subject();
        return Shown.of(String.format(
                Locale.ROOT,
                "%s  %s  %-8s %-20s %.1f s, %d frames%s%s",
                EventLine.TIME.format(sighting.lastSeen()),
                sighting.camera(),
                sighting.change().code(),
                who(subject),
                Duration.between(sighting.firstSeen(), sighting.lastSeen()).toMillis() / 1e3,
                sighting.frames(),
                sighting.reason() == null
                        ? String.format(Locale.ROOT, ", named after %.1f s", sighting.namedAfterMillis() / 1e3)
                        : " (" + sighting.reason().code() + ")",
                subject.supersedes() == null ? "" : ", not " + name(subject.supersedes())));
    }

    private static String who(Subject subject) {
        if (subject.identityId() == null) {
            return "-";
        }
        return subject.name() == null ? subject.identityId().toString() : subject.name();
    }

    private static String name(Subject.Former former) {
        return former.name() == null ? former.identityId().toString() : former.name();
    }
}
