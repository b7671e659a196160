package io.facestream.web.news;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.WebSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AudienceTest {
    private Instant now = Instant.parse("2026-05-04T09:30:00Z");
    private final InstantSource source = () -> now;
    private final Audience audience = new Audience(source.withZone(ZoneOffset.UTC));

    /** Takes each message at once, unless it is told not to. */
    private static final class Browser implements Listener {
        private final WebSession session;
        private CompletableFuture<Void> takes = CompletableFuture.completedFuture(null);
        private int told;
        private SocketEnding closedWith;

        private Browser(UUID user) {
            byte[] token = user.toString().getBytes(US_ASCII);
            session = new WebSession(user, "ann", "ann", "viewer", token);
        }

        @Override
        public WebSession session() {
            return session;
        }

        @Override
        public CompletionStage<?> tell() {
            told++;
            return takes;
        }

        @Override
        public void close(SocketEnding ending) {
            closedWith = ending;
        }
    }

    private List<Browser> browsers(int number) {
        List<Browser> all = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            all.add(open(new Browser(new UUID(0, i))));
        }
        return all;
    }

    private Browser open(Browser browser) {
        audience.open("socket " + UUID.randomUUID(), browser);
        return browser;
    }

    private void pause() {
        now = now.plus(Audience.PAUSE).plusMillis(1);
    }

    private static int told(List<Browser> all) {
        return all.stream().mapToInt(browser -> browser.told).sum();
    }

    @Test
    void whoComesIsToldOnceSinceThePageMayBeOlderThanTheNews() {
        Browser browser = open(new Browser(new UUID(0, 1)));

        audience.round();
        pause();
        audience.round();

        assertThat(browser.told).isEqualTo(1);
    }

    @Test
    void manyChangesAreOneMessageAndTheNextComesAfterThePause() {
        Browser browser = open(new Browser(new UUID(0, 1)));
        audience.round();

        for (int i = 0; i < 1_000; i++) {
            audience.changed();
            audience.round();
        }
        assertThat(browser.told).isEqualTo(1);
        pause();
        audience.round();
        pause();
        audience.round();
        assertThat(browser.told).isEqualTo(2);
    }

    @Test
    void aRoundTellsAFewAndEverybodyHasATurn() {
        List<Browser> all = browsers(1_000);

        audience.round();
        assertThat(told(all)).isEqualTo(Audience.MOST_OF_A_ROUND);
        for (int i = 1; i < 1_000 / Audience.MOST_OF_A_ROUND; i++) {
            audience.changed();
            pause();
            audience.round();
        }

        assertThat(all).allSatisfy(browser -> assertThat(browser.told).isEqualTo(1));
    }

    @Test
    void aBrowserThatTakesNothingHasOneMessageUnderWayAndHoldsNobodyUp() {
        Browser slow = new Browser(new UUID(0, 1));
        slow.takes = new CompletableFuture<>();
        open(slow);
        Browser quick = open(new Browser(new UUID(0, 2)));

        for (int i = 0; i < 10; i++) {
            audience.changed();
            pause();
            audience.round();
        }
        assertThat(slow.told).isEqualTo(1);
        assertThat(quick.told).isEqualTo(10);
        slow.takes.complete(null);
        audience.round();
        assertThat(slow.told).isEqualTo(2);
    }

    @Test
    void aBrowserThatTakesNothingForLongIsGivenUp() {
        Browser slow = new Browser(new UUID(0, 1));
        slow.takes = new CompletableFuture<>();
        open(slow);
        audience.round();

        audience.giveUpTheStuck();
        assertThat(slow.closedWith).isNull();
        now = now.plus(Audience.PATIENCE).plus(Duration.ofSeconds(1));
        audience.giveUpTheStuck();

        assertThat(slow.closedWith).isEqualTo(SocketEnding.TOO_SLOW);
    }

    @Test
    void aUserAndAProcessHaveSoManySocketsAndNoMore() {
        UUID user = new UUID(1, 1);
        for (int i = 0; i < Audience.MOST_OF_ONE_USER; i++) {
            assertThat(open(new Browser(user)).closedWith).isNull();
        }

        assertThat(open(new Browser(user)).closedWith).isEqualTo(SocketEnding.TOO_MANY);
        browsers(Audience.MOST - Audience.MOST_OF_ONE_USER)
                .forEach(browser -> assertThat(browser.closedWith).isNull());
        assertThat(open(new Browser(new UUID(2, 2))).closedWith).isEqualTo(SocketEnding.TOO_MANY);
    }

    @Test
    void whoeverIsSignedOutIsClosedAndWhoeverHasLeftIsToldNothing() {
        Browser here = open(new Browser(new UUID(0, 1)));
        Browser gone = new Browser(new UUID(0, 2));
        audience.open("gone", gone);

        audience.close("gone");
        audience.round();
        audience.signedOut(here.session.tokenSha256());

        assertThat(gone.told).isZero();
        assertThat(here.closedWith).isEqualTo(SocketEnding.SIGNED_OUT);
    }
}
