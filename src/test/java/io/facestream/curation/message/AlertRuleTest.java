package io.facestream.curation.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.messaging.Json;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts are rules of alerts, and what a refusal says of those that are none. */
class AlertRuleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'rule': 'The Door' | rule: a name is 1 to 63",
                "'rule': 'a', 'remove': true, 'who': ['anybody'] | nothing but its name",
                "'rule': 'a', 'who': [], 'targets': ['phone'] | who has 1 to 10000 values",
                "'rule': 'a', 'who': ['Anybody'], 'targets': ['phone'] | written in lower case",
                "'rule': 'a', 'who': ['tag:'], 'targets': ['phone'] | a name must not be blank",
                "'rule': 'a', 'who': ['known'], 'where': ['\u200b'], 'targets': ['phone'] | no camera can have",
                "'rule': 'a', 'who': ['known'], 'where': [''], 'targets': ['phone'] | where has a camera of 0",
                "'rule': 'a', 'who': ['known'], 'where': [], 'targets': ['phone'] | where names no camera",
                "'rule': 'a', 'who': ['known'], 'when': ['ever'], 'targets': ['phone'] | when, span 1: it is such as",
                "'rule': 'a', 'who': ['known'], 'zone': 'Mars/Base', 'targets': ['phone'] | zone is not a time zone",
                "'rule': 'a', 'who': ['known'], 'coolDown': 'PT-1S', 'targets': ['phone'] | coolDown is a duration",
                "'rule': 'a', 'who': ['known'], 'coolDown': 'P401D', 'targets': ['phone'] | coolDown is a duration",
                "'rule': 'a', 'who': ['known'] | targets names no target",
                "'rule': 'a', 'who': ['known'], 'targets': ['https://x'] | targets: a name is"
            })
    void whatIsNoRuleIsNoCommand(String fields, String why) {
        String json = "{\"command\": \"alert-rule\", \"commandId\": \"" + UUID.randomUUID() + "\", "
                + fields.replace('\'', '"') + "}";

        assertThatThrownBy(() -> GalleryCommand.read(json.getBytes(UTF_8))).hasMessageContaining(why);
    }

    /** A refusal is kept for days, and no erasure finds a name in it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'when': ['Bob Smith']",
                "'when': ['bob 08:00-10:00']",
                "'when': ['mon', '99:00-99:30 Bob Smith']",
                "'zone': 'Bob Smith'",
                "'coolDown': 'Bob Smith'",
                "'where': ['Bob Smith\u0000']",
                "'targets': ['Bob Smith']"
            })
    void aRefusalRepeatsNothingThatMayBeAboutSomebody(String field) {
        String json = ("{'command': 'alert-rule', 'commandId': '" + UUID.randomUUID()
                        + "', 'rule': 'a', 'who': ['known'], 'targets': ['phone'], " + field + "}")
                .replace("'targets': ['phone'], 'targets'", "'targets'")
                .replace('\'', '"')
                .replace("\u0000", "\\u0000");

        assertThatThrownBy(() -> GalleryCommand.read(json.getBytes(UTF_8)))
                .message()
                .doesNotContainIgnoringCase("bob")
                .doesNotContain("99");
    }

    @ParameterizedTest
    @ValueSource(strings = {"known", "anybody", "0b8e3c8e-7c1c-4a43-9a5a-000000000001"})
    void aCommandIsReadAsItWasWritten(String who) throws Exception {
        AlertRule rule =
                new AlertRule(UUID.randomUUID(), "all", List.of(who), null, null, null, null, List.of("phone"), null);

        assertThat(GalleryCommand.read(Json.write(rule))).isEqualTo(rule);
    }
}
