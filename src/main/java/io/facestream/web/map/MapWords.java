package io.facestream.web.map;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** The words of this view, in {@code messages/places_en.properties} and {@code places_de.properties}. */
@MessageBundle("places")
public interface MapWords {
    @Message
    String title();

    @Message
    String intro();

    @Message
    String most(int people);

    @Message
    String none();

    @Message
    String closer();

    @Message
    String farther();

    @Message
    String whole();
}
