package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MailTest {
    private static final Instant NOW = Instant.parse("2026-05-04T09:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Mail mail = new Mail(new MqttMetrics(registry, "home"));

    private static Map<String, byte[]> states(String... topicsAndPayloads) {
        Map<String, byte[]> states = new LinkedHashMap<>();
        for (int i = 0; i < topicsAndPayloads.length; i += 2) {
            states.put(topicsAndPayloads[i], topicsAndPayloads[i + 1].getBytes(UTF_8));
        }
        return states;
    }

    private static Mail.Event event(String payload, Instant from, Instant until) {
        return new Mail.Event("event", () -> payload.getBytes(UTF_8), from, until);
    }

    private List<String> sent(Instant now) {
        List<String> sent = new ArrayList<>();
        for (Optional<Mail.Message> next = mail.next(now); next.isPresent(); next = mail.next(now)) {
            sent.add(next.get().topic() + "=" + new String(next.get().payload(), UTF_8));
        }
        return sent;
    }

    private double dropped(String why) {
        return registry.get("facestream.mqtt.dropped").tag("why", why).counter().count();
    }

    @Test
    void onlyTheLatestOfAStateIsSentAndOnlyWhenItChanged() {
        mail.want(states("a", "1", "b", "1"), true);
        mail.want(states("a", "2", "b", "1"), true);
        assertThat(sent(NOW)).containsExactly("a=2", "b=1");

        mail.want(states("a", "2", "b", "3"), true);
        assertThat(sent(NOW)).containsExactly("b=3");
        mail.want(states("a", "2", "b", "3"), true);
        assertThat(sent(NOW)).isEmpty();
    }

    @Test
    void anEventThatHadToWaitHasTheNameOfTheMomentInWhichItIsPublished() {
        AtomicReference<String> name = new AtomicReference<>("Ada");
        mail.tell(new Mail.Event("event", () -> name.get().getBytes(UTF_8), NOW, NOW.plusSeconds(60)));

        name.set("erased");

        assertThat(sent(NOW.plusSeconds(30))).containsExactly("event=erased");
    }

    @Test
    void whatIsNoLongerWantedIsCleared() {
        mail.want(states("a", "1", "b", "1"), true);
        sent(NOW);

        mail.want(states("b", "1"), true);

        assertThat(sent(NOW)).containsExactly("a=");
    }

    @Test
    void whatTheBrokerHasFromAnotherTimeIsClearedWhenItIsKnownWhatIsWanted() {
        mail.found("a");
        mail.found("old");
        mail.want(states("a", "1"), false);
        assertThat(sent(NOW)).containsExactly("a=1");

        mail.want(states("a", "1"), true);
        assertThat(sent(NOW)).containsExactly("old=");
        mail.found("older");
        mail.found("a");
        assertThat(sent(NOW)).containsExactly("older=");
    }

    @Test
    void aNewConnectionHasEverythingAgainInOrderAndWhatFailedToo() {
        mail.want(states("config", "1", "state", "1", "status", "online"), true);
        sent(NOW);
        mail.want(states("config", "1", "status", "online"), true);
        Mail.Message clearing = mail.next(NOW).orElseThrow();
        mail.failed(clearing);

        mail.again();

        assertThat(sent(NOW)).containsExactly("state=", "config=1", "status=online");
    }

    @Test
    void anEventComesAfterStatesWhenItsTimeHasComeAndNotWhenItIsOld() {
        mail.tell(event("early", NOW.plusSeconds(3), NOW.plusSeconds(120)));
        mail.want(states("a", "1"), true);
        assertThat(sent(NOW)).containsExactly("a=1");
        assertThat(sent(NOW.plusSeconds(3))).containsExactly("event=early");

        mail.tell(event("late", NOW, NOW.plusSeconds(120)));
        assertThat(sent(NOW.plusSeconds(121))).isEmpty();
        assertThat(dropped(MqttMetrics.OLD)).isEqualTo(1);
    }

    @Test
    void anEventThatWasNotAcknowledgedIsNextAndThereIsABound() {
        for (int i = 0; i < Mail.MOST_EVENTS + 2; i++) {
            mail.tell(event(Integer.toString(i), NOW, NOW.plusSeconds(120)));
        }
        assertThat(dropped(MqttMetrics.FULL)).isEqualTo(2);

        Mail.Message first = mail.next(NOW).orElseThrow();
        mail.failed(first);

        assertThat(sent(NOW)).hasSize(Mail.MOST_EVENTS).startsWith("event=2", "event=3");
    }

    @Test
    void eventsThatWereUnderWayWhenAConnectionWasLostAreSentInTheirOrder() {
        for (String what : List.of("appeared", "named", "left")) {
            mail.tell(event(what, NOW, NOW.plusSeconds(120)));
        }
        List<Mail.Message> underWay =
                List.of(mail.next(NOW).orElseThrow(), mail.next(NOW).orElseThrow());

        underWay.forEach(mail::failed);

        assertThat(sent(NOW)).containsExactly("event=appeared", "event=named", "event=left");
    }

    @Test
    void aStateThatIsNoneIsNotSentAgain() {
        mail.again("status");

        assertThat(sent(NOW)).isEmpty();
    }
}
