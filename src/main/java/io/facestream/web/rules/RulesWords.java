package io.facestream.web.rules;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** What this view says; the words are in {@code messages/rules_en.properties} and {@code rules_de.properties}. */
@MessageBundle("rules")
public interface RulesWords {
    @Message
    String title();

    @Message
    String done(String kind);

    @Message
    String rules();

    @Message
    String noRules();

    @Message
    String newRule();

    @Message
    String changeRule();

    @Message
    String removeRule();

    @Message
    String removeSure();

    @Message
    String save();

    @Message
    String name();

    @Message
    String nameHint();

    @Message
    String who();

    @Message
    String whoHint();

    @Message
    String where();

    @Message
    String whereHint();

    @Message
    String when();

    @Message
    String whenHint();

    @Message
    String zone();

    @Message
    String coolDown();

    @Message
    String targets();

    @Message
    String always();

    @Message
    String everywhere();

    @Message
    String after(String time);

    @Message
    String ofSettings();

    @Message
    String gone();

    @Message
    String noTargets();

    @Message
    String target();

    @Message
    String state();

    @Message
    String waiting();

    @Message
    String sent(String at);

    @Message
    String failed(String at);

    @Message
    String nothingSent();
}
