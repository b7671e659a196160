package io.facestream.cameras.states;

import com.fasterxml.jackson.annotation.JsonValue;
import io.facestream.messaging.CloudEventRecords;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How a camera does, as the process that films it says: the value of {@code camera-states}, whose key is the camera's
 * name. It is sent at each change, and every two minutes again.
 *
 * @param since when it began to do so; what does not play yet and what fails is one state for that
 * @param why it fails, one line without addresses and logins, 300 characters at most; null where it does not fail
 * @param replica the process that films it
 * @param lastFrame when this process last sent a frame of it; null if it never has
 */
public record CameraReport(State state, Instant since, String why, String replica, Instant lastFrame) {
    /** The {@code ce_type} of a state. */
    public static final String TYPE = CloudEventRecords.type("camera-state");

    private static final int MOST_CHARACTERS = 300;

    /** Paths and parameters of addresses may hold what lets one in, like a password does. */
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://\\S*?(?=[:,;.)\"']*(\\s|$))");

    /** What a camera does. */
    public enum State {
        /** It is being opened for the first time. */
        CONNECTING,
        /** Its pictures come, and change. */
        PLAYING,
        /** Its pictures come, and are all the same. */
        FROZEN,
        /** No pictures come; it is tried again for ever. */
        FAILING,
        /** Its definition says that it does not film. */
        DISABLED,
        /** The process that filmed it has ended, or has handed it over; another one says so soon if it films it. */
        STOPPED;

        /** As on the wire. */
        @JsonValue
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        private boolean begins() {
            return this == CONNECTING || this == FAILING;
        }
    }

    /** @throws IllegalArgumentException if the state, its time or the replica is missing, or a text is too long */
    public CameraReport {
        if (state == null || since == null || replica == null) {
            throw new IllegalArgumentException("a camera's state has a state, since and replica");
        }
        if (why != null && why.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("why has " + why.length() + " characters, more than " + MOST_CHARACTERS);
        }
    }

    /** The reason without the addresses in it, on one line. */
    static String shown(String why) {
        String text = ADDRESS.matcher(why).replaceAll("its address").replaceAll("\\p{Cntrl}", " ");
        return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text;
    }

    /** The beginning of what follows this state: its own, if it goes on. */
    Instant beginningOf(State next, Instant now) {
        return state == next || state.begins() && next.begins() ? since : now;
    }
}
