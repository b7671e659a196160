package io.facestream.web.cameras;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** How cameras do; the words are in {@code messages/cameras_en.properties} and {@code cameras_de.properties}. */
@MessageBundle("cameras")
public interface CamerasWords {
    @Message
    String first();

    @Message
    String orVideo();

    @Message
    String stateColumn();

    /** Before a time. */
    @Message
    String since(String state);

    @Message
    String notFilmed();
}
