package io.facestream.cli.terminal;

import io.facestream.identities.IdentityEvent;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** An identity event as one line for a person. */
public final class EventLine {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private EventLine() {}

    public static String of(IdentityEvent event) {
        var box = event.face().box();
        String who =
                switch (event.judgement().decision()) {
                    case KNOWN -> event.judgement().name();
                    case UNKNOWN -> "-";
                    case AMBIGUOUS ->
                        event.judgement().candidates().get(0).name() + " or "
                                + event.judgement().candidates().get(1).name();
                };
        String distance = event.judgement().distance() == null
                ? "nobody enrolled"
                : String.format(Locale.ROOT, "distance %.2f", event.judgement().distance());
        return Shown.of(String.format(
                Locale.ROOT,
                "%s  %s  %-9s %-20s %s (threshold %.2f)  face %d px at %d,%d",
                TIME.format(event.origin().capturedAt()),
                event.origin().camera(),
                event.judgement().decision(),
                who,
                distance,
                event.judgement().threshold(),
                Math.round(event.face().quality().size()),
                Math.round(box.x()),
                Math.round(box.y())));
    }
}
