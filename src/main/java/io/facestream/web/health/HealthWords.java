package io.facestream.web.health;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** What this view says; the words are in {@code messages/health_en.properties} and {@code health_de.properties}. */
@MessageBundle("health")
public interface HealthWords {
    @Message
    String asking();

    @Message
    String unchecked();

    @Message
    String away();

    @Message
    String stages();

    @Message
    String stage(String stage);

    @Message
    String stageColumn();

    @Message
    String waiting();

    @Message
    String oldest();

    @Message
    String keepsUp();

    @Message
    String unknown();

    @Message
    String stagesHint();

    @Message
    String rejects();

    @Message
    String rejectsUnknown();

    @Message
    String noRejects();

    @Message
    String onlyLatest();

    @Message
    String reason(String reason);

    @Message
    String reasonColumn();

    @Message
    String last();

    @Message
    String latest();

    @Message
    String when();

    @Message
    String picture();

    @Message
    String record();

    @Message
    String storage();

    @Message
    String storageTotal(String size);

    @Message
    String visitsSince(String day);

    @Message
    String part(String kind);

    @Message
    String what();

    @Message
    String size();

    @Message
    String topics();

    @Message
    String topic();

    @Message
    String kept();

    @Message
    String keptFor(long days, int hours);

    @Message
    String keptLast();

    @Message
    String disk(int broker, String free, String total);

    @Message
    String noDisk();
}
