package io.facestream.alerts.delivery;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The pauses between tries of an alert. */
final class Pauses {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** Whoever asks for more is tried after this. */
    private static final Duration MOST_ASKED = Duration.ofHours(1);

    private static final int MOST_DOUBLINGS = 20;

    private Pauses() {}

    /**
     * Twice as long after each try, less up to a half by chance, so that alerts of one outage do not all come at once.
     *
     * @param attempt the one that failed, 1 for the first
     * @param asked by the other side; it is never shorter than that, within an hour
     */
    static Duration after(int attempt, Optional<Duration> asked, RandomGenerator random) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(MOST_DOUBLINGS, attempt - 1));
        Duration bounded = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        Duration pause = Duration.ofMillis((long) (bounded.toMillis() * (0.5 + 0.5 * random.nextDouble())));
        Duration least =
                asked.filter(wish -> wish.compareTo(MOST_ASKED) < 0).orElse(asked.isPresent() ? MOST_ASKED : pause);
        return least.compareTo(pause) > 0 ? least : pause;
    }
}
