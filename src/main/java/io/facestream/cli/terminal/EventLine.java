package io.facestream.cli.terminal;

import io.facestream.identities.IdentityEvent;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** An identity event as one line for a person. */
public final class EventLine {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private EventLine() {}

    public static String of(IdentityEvent event) {
        var box = event.face().box();
        String who =
                switch (event.decision()) {
                    case KNOWN -> event.name();
                    case UNKNOWN -> "-";
                    case AMBIGUOUS ->
                        event.candidates().get(0).name() + " or "
                                + event.candidates().get(1).name();
                };
        String distance = event.distance() == null
                ? "nobody enrolled"
                : String.format(Locale.ROOT, "distance %.2f", event.distance());
        return String.format(
                Locale.ROOT,
                "%s  %s  %-9s %-20s %s (threshold %.2f)  face %d px at %d,%d",
                TIME.format(event.capturedAt()),
                event.camera(),
                event.decision(),
                who,
                distance,
                event.threshold(),
                Math.round(event.face().quality().size()),
                Math.round(box.x()),
                Math.round(box.y()));
    }
}
