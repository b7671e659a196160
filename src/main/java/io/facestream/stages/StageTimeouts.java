package io.facestream.stages;

import java.time.Duration;

/**
 * How long a stage waits: for its broker, for its records, and before it tries again. Production runs with {@link #PRODUCTION}; tests
 * hand in shorter ones where they wait for a timeout to pass.
 *
 * @param firstPause before the first attempt after a failure; each later pause is twice as long as the one before
 * @param longestPause at which the pauses stop growing
 * @param session after which the broker gives the partitions of a silent member to others; brokers allow 6 s or more by default
 * @param heartbeat between two signs of life to the broker; at most a third of the session
 * @param pollInterval after which Kafka's client leaves the group unless it was polled; also how long a rebalance waits
 * @param keepAliveAfter how long a batch may take before the client is polled while it goes on; below {@code pollInterval}
 * @param lookAtPartitions between two questions for the ends of partitions
 * @param openTooLong after which a transaction of somebody else that holds a partition back is told of
 */
record StageTimeouts(
        Duration firstPause,
        Duration longestPause,
        Duration session,
        Duration heartbeat,
        Duration pollInterval,
        Duration keepAliveAfter,
        Duration lookAtPartitions,
        Duration openTooLong) {
    /**
     * The timeouts with which stages came through frozen and killed brokers, killed replicas and rebalances. A transaction counts as open
     * for too long 5 s after the broker would have ended that of a stage that died, see {@link Transactions}.
     */
    static final StageTimeouts PRODUCTION = new StageTimeouts(
            Duration.ofMillis(250),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(3),
            Duration.ofSeconds(20));

    /** @throws IllegalArgumentException if one is not positive, or two do not go together */
    StageTimeouts {
        for (Duration each :
                new Duration[] {firstPause, session, heartbeat, keepAliveAfter, lookAtPartitions, openTooLong}) {
            require(each.compareTo(Duration.ZERO) > 0, "a timeout of a stage is above 0 s, not " + each);
        }
        require(longestPause.compareTo(firstPause) >= 0, "the longest pause is shorter than the first");
        require(session.compareTo(heartbeat.multipliedBy(3)) >= 0, "a session has three heartbeats or more");
        require(pollInterval.compareTo(keepAliveAfter) > 0, "a batch is kept alive before the poll interval ends");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
