package io.facestream.alerts.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.alerts.Visits;
import io.facestream.curation.rules.Week;
import io.facestream.curation.rules.Where;
import io.facestream.sightings.message.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {
    private static final UUID ADA = new UUID(0, 0xada);
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final List<String> PHONE = List.of("phone");

    private static Rule who(String... who) {
        return TestRules.of("r", List.of(who), List.of("*"), List.of(), "UTC", Duration.ZERO, PHONE);
    }

    private static boolean applies(Rule rule, UUID identity, String name) {
        Person person = identity == null ? null : new Person(identity, name, Set.of(), false, Set.of());
        return appliesTo(rule, identity, person);
    }

    private static boolean appliesTo(Rule rule, UUID identity, Person person) {
        return rule.appliesTo(Visits.message("door", "a#0", 1, Sighting.Change.APPEARED, identity, NOON), person);
    }

    @Test
    void whoIsPeopleWithATag() {
        assertThat(appliesTo(who("tag:staff"), ADA, new Person(ADA, "Ada", Set.of("staff", "x"), false, Set.of())))
                .isTrue();
        assertThat(appliesTo(who("tag: staff ", "Bob"), ADA, new Person(ADA, "Ada", Set.of("staff"), false, Set.of())))
                .isTrue();
        assertThat(appliesTo(who("tag:staff"), ADA, new Person(ADA, "staff", Set.of("Staff"), false, Set.of())))
                .isFalse();
        assertThat(appliesTo(who("tag:staff"), null, null)).isFalse();
    }

    @Test
    void whoeverWasMergedIsMeantByTheIdOfEither() {
        UUID merged = new UUID(0, 2);
        assertThat(appliesTo(who(ADA.toString()), merged, new Person(ADA, "Ada", Set.of(), false, Set.of())))
                .isTrue();
        assertThat(appliesTo(who(merged.toString()), merged, new Person(ADA, "Ada", Set.of(), false, Set.of())))
                .isTrue();
    }

    @Test
    void nobodyIsAlertedAboutWhoeverIsIgnored() {
        for (String who : List.of("anybody", "known", "Ada", "tag:staff", ADA.toString())) {
            assertThat(appliesTo(who(who), ADA, new Person(ADA, "Ada", Set.of("staff"), true, Set.of())))
                    .as(who)
                    .isFalse();
        }
    }

    @Test
    void whoIsAnybodyTheKnownTheUnknownOrPeople() {
        assertThat(applies(who("anybody"), null, null)).isTrue();
        assertThat(applies(who("anybody"), ADA, "Ada")).isTrue();
        assertThat(applies(who("unknown"), null, null)).isTrue();
        assertThat(applies(who("unknown"), ADA, "Ada")).isFalse();
        assertThat(applies(who("known"), null, null)).isFalse();
        assertThat(applies(who("known"), ADA, "Ada")).isTrue();
        assertThat(applies(who("Bob", "unknown"), ADA, "Ada")).isFalse();
        assertThat(applies(who("Bob", "unknown"), null, null)).isTrue();
        assertThat(applies(who("Bob", " Ada "), ADA, "Ada")).isTrue();
        assertThat(applies(who("ada"), ADA, "Ada")).as("names differ in case").isFalse();
        assertThat(applies(who("Zoe\u0308  K"), ADA, "Zo\u00eb K"))
                .as("names are kept in one form")
                .isTrue();
        assertThat(applies(who(ADA.toString()), ADA, "Countess")).isTrue();
        assertThat(applies(who(ADA.toString().toUpperCase()), ADA, "Countess")).isTrue();
        assertThat(applies(who(ADA.toString()), new UUID(0, 1), "Ada")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "*, door, true", "door, door, true", "door, door2, false", "door*, door2, true", "*door, front-door, true",
        "d*r, door, true", "d*r, dor?, false", "d??r, door, true", "d?r, door, false", "*o*o*, door, true",
        "*o*o*o*, door, false", "Door, door, false", "a.c, abc, false", "**, x, true"
    })
    void whereIsCamerasByGlobs(String glob, String camera, boolean applies) {
        assertThat(Where.of(List.of("nowhere", glob)).includes(camera)).isEqualTo(applies);
    }

    @Test
    void aCameraIsGivenInAnyFormOfItsNameAndAQuestionMarkIsACharacterOfAnyScript() {
        assertThat(Where.of(List.of(" Ku\u0308che  *")).includes("K\u00fcche oben"))
                .isTrue();
        assertThat(Where.of(List.of("hall ?")).includes("hall \ud83d\udeaa")).isTrue();
        assertThat(Where.of(List.of("hall ??")).includes("hall \ud83d\udeaa")).isFalse();
        assertThatThrownBy(() -> Where.of(List.of("door\u200b")))
                .hasMessageStartingWith("where has a name that no camera can have: U+200B");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Unknown", "KNOWN", "Anybody"})
    void aWordInAnotherCaseIsNotTakenForTheNameOfAPerson(String word) {
        assertThatThrownBy(() -> who(word)).hasMessageContaining("who has \"" + word + "\"");
    }

    @Test
    void aGlobThatTriesEverythingTakesNoTime() {
        String camera = "a".repeat(10_000);

        assertThat(Where.of(List.of("*a".repeat(100) + "*b")).includes(camera)).isFalse();
    }

    @Test
    void whoHasLeftIsNoReasonAndWhoReturnsIs() {
        Rule rule = who("anybody");

        assertThat(rule.appliesTo(
                        Visits.message("door", "a", 2, Sighting.Change.LEFT, ADA, NOON),
                        new Person(ADA, "Ada", Set.of(), false, Set.of())))
                .isFalse();
        assertThat(rule.appliesTo(
                        Visits.message("door", "a", 3, Sighting.Change.RETURNED, ADA, NOON),
                        new Person(ADA, "Ada", Set.of(), false, Set.of())))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // 27 November 2026 is a Friday
        "mon-fri 22:00-06:00, UTC, 2026-11-27T21:59:59Z, false",
        "mon-fri 22:00-06:00, UTC, 2026-11-27T22:00:00Z, true",
        "mon-fri 22:00-06:00, UTC, 2026-11-28T05:59:59Z, true",
        "mon-fri 22:00-06:00, UTC, 2026-11-28T06:00:00Z, false",
        "mon-fri 22:00-06:00, UTC, 2026-11-28T23:00:00Z, false",
        "mon-fri 22:00-06:00, UTC, 2026-11-30T03:00:00Z, false",
        "sun 22:00-06:00, UTC, 2026-11-30T03:00:00Z, true",
        "sat-mon, UTC, 2026-11-30T23:59:59Z, true",
        "sat-mon, UTC, 2026-12-01T00:00:00Z, false",
        "FRI sat, UTC, 2026-11-28T12:00:00Z, true",
        "08:00-17:30, Europe/Berlin, 2026-11-28T07:00:00Z, true",
        "08:00-17:30, Europe/Berlin, 2026-11-28T16:29:00Z, true",
        "08:00-17:30, Europe/Berlin, 2026-11-28T16:30:00Z, false",
        "00:00-24:00, UTC, 2026-11-28T23:59:59.999Z, true",
        "20:00-24:00, UTC, 2026-11-28T23:59:59Z, true",
        "20:00-00:00, UTC, 2026-11-28T23:59:59Z, true",
        "20:00-00:00, UTC, 2026-11-29T00:00:00Z, false",
        "fri 20:00-00:00, UTC, 2026-11-28T00:00:00Z, false"
    })
    void whenIsSpansOfTheWeekAlsoOverMidnight(String span, String zone, Instant moment, boolean applies) {
        assertThat(Week.of(List.of(span), zone).includes(moment)).isEqualTo(applies);
    }

    @Test
    void theHourThatComesTwiceIsInASpanTwiceAndTheOneThatIsLeftOutIsNot() {
        Week night = Week.of(List.of("02:00-03:00"), "Europe/Berlin");
        // 25 October 2026: 03:00 summer time is 02:00 again
        assertThat(night.includes(Instant.parse("2026-10-25T00:30:00Z"))).isTrue();
        assertThat(night.includes(Instant.parse("2026-10-25T01:30:00Z"))).isTrue();
        assertThat(night.includes(Instant.parse("2026-10-25T02:00:00Z"))).isFalse();
        // 29 March 2026: after 01:59 comes 03:00
        assertThat(night.includes(Instant.parse("2026-03-29T00:59:59Z"))).isFalse();
        assertThat(night.includes(Instant.parse("2026-03-29T01:00:00Z"))).isFalse();
        // a whole night is in its span, however long it is
        Week whole = Week.of(List.of("sat 22:00-06:00"), "Europe/Berlin");
        assertThat(whole.includes(Instant.parse("2026-10-24T20:00:00Z"))).isTrue();
        assertThat(whole.includes(Instant.parse("2026-10-25T04:59:59Z"))).isTrue();
        assertThat(whole.includes(Instant.parse("2026-10-25T05:00:00Z"))).isFalse();
        assertThat(whole.includes(Instant.parse("2026-03-29T03:59:59Z"))).isTrue();
        assertThat(whole.includes(Instant.parse("2026-03-29T04:00:00Z"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "22-06",
        "22:00",
        "22:00-22:00",
        "24:00-06:00",
        "25:00-26:00",
        "10:60-11:00",
        "monday",
        "mo-fr 10:00-11:00",
        "10:00-11:00 mon",
        "mon 10:00-11:00 12:00-13:00",
        "mon - fri"
    })
    void aSpanThatIsNoneIsRefused(String span) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        TestRules.of("r", List.of("anybody"), List.of("*"), List.of(span), "UTC", Duration.ZERO, PHONE))
                .withMessageStartingWith("facestream.alerts.rules.r.when, span 1: ");
    }

    @Test
    void aRuleThatCannotWorkIsRefusedInOneLineThatNamesTheSetting() {
        refused("who has a tag that nobody can have", List.of("tag: "), "*", "UTC", Duration.ZERO, "phone");
        refused("who has a name that nobody can have", List.of("A\u200bda"), "*", "UTC", Duration.ZERO, "phone");
        refused("who names nobody", List.of(), "*", "UTC", Duration.ZERO, "phone");
        refused("where has a camera of 0", List.of("known"), " ", "UTC", Duration.ZERO, "phone");
        refused("zone is not a time zone", List.of("known"), "*", "Europe/Berlino", Duration.ZERO, "phone");
        refused(
                "target=fone is not one of the targets, which are [archive, phone]",
                List.of("known"),
                "*",
                "UTC",
                Duration.ZERO,
                "fone");
        refused(
                "cool-down=PT240H is longer than facestream.alerts.keep=PT168H",
                List.of("known"),
                "*",
                "UTC",
                Duration.ofDays(10),
                "phone");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestRules.rule("The Door", "known", Duration.ZERO, "phone"))
                .withMessageStartingWith("facestream.alerts.rules.The Door: a name is 1 to 63 of the characters");
    }

    private static void refused(
            String why, List<String> who, String where, String zone, Duration coolDown, String target) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestRules.of("r", who, List.of(where), List.of(), zone, coolDown, List.of(target)))
                .withMessageStartingWith("facestream.alerts.rules.r." + why);
    }
}
