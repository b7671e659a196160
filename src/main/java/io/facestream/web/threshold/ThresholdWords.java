package io.facestream.web.threshold;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** What this view says, by {@code messages/threshold_en.properties} and {@code threshold_de.properties}. */
@MessageBundle("threshold")
public interface ThresholdWords {
    @Message
    String title();

    @Message
    String intro();

    @Message
    String inForce(String target, String threshold);

    @Message
    String fixed();

    @Message
    String target();

    @Message
    String days();

    @Message
    String compare();

    @Message
    String facesSince(long faces, String since);

    @Message
    String poor(long faces);

    @Message
    String otherVersion(long faces);

    @Message
    String otherwise(long faces);

    @Message
    String gone(long faces);

    @Message
    String targets();

    @Message
    String targetColumn();

    @Message
    String thresholdColumn();

    @Message
    String named();

    @Message
    String missed();

    @Message
    String added();

    @Message
    String now();

    @Message
    String missedTitle(long visits, String target);

    @Message
    String addedTitle(long visits, String target);

    @Message
    String addedHint();

    @Message
    String nobody();

    @Message
    String keptStranger();

    @Message
    String distance(String distance, String limit);

    @Message
    String latest(int shown);

    @Message
    String unknowable();
}
