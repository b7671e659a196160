package io.facestream.web.news;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.alerts.Visits;
import io.facestream.sightings.message.Sighting;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PendingNewsTest {
    private static final Instant START = Instant.parse("2026-05-04T09:30:00Z");

    private Instant now = START;
    private final InstantSource source = () -> now;
    private final PendingNews news = new PendingNews(source.withZone(ZoneOffset.UTC));

    private static Sighting visit(String id, int sequence) {
        return Visits.message("door", id, sequence, Sighting.Change.UPDATED, null, START);
    }

    @Test
    void theLatestOfEachPartitionStandsForThoseBeforeIt() {
        news.visit(0, visit("a", 1));
        news.visit(0, visit("b", 1));
        news.visit(1, visit("c", 1));

        assertThat(news.awaited()).extracting(Sighting::sightingId).containsExactly("b", "c");
    }

    @Test
    void whatIsAskedForStaysTheSameWhileMoreIsHeard() {
        news.visit(0, visit("a", 1));
        assertThat(news.awaited()).hasSize(1);
        news.visit(0, visit("a", 2));

        assertThat(news.awaited()).extracting(Sighting::sequence).containsExactly(1);
        news.done();
        assertThat(news.awaited()).extracting(Sighting::sequence).containsExactly(2);
        news.done();
        assertThat(news.isEmpty()).isTrue();
    }

    @Test
    void aVisitThatIsNeverStoredHoldsOthersUpForAWhileOnly() {
        news.visit(0, visit("erased", 1));
        news.awaited();
        news.visit(0, visit("a", 1));

        now = now.plus(PendingNews.PATIENCE).plusMillis(1);

        assertThat(news.awaited()).extracting(Sighting::sightingId).containsExactly("a");
    }

    @Test
    void aChangeIsTakenOnce() {
        news.changed();

        assertThat(news.isEmpty()).isFalse();
        assertThat(news.takeChanged()).isTrue();
        assertThat(news.takeChanged()).isFalse();
    }
}
