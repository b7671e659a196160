package io.facestream.stages;

import java.time.Duration;

/**
 * How long a stage waits for its broker, for its records, and before a retry. Production uses {@link #PRODUCTION};
 * tests pass shorter timeouts where they wait for one to expire.
 *
 * @param firstPause before the first attempt after a failure; each later pause is twice as long as the one before
 * @param longestPause upper limit of the pauses
 * @param session after which the broker reassigns the partitions of a silent member; brokers require at least 6 s by
 *     default
 * @param heartbeat interval of heartbeats to the broker; at most a third of the session
 * @param pollInterval after which Kafka's client leaves the group without a poll; also how long a rebalance waits
 * @param keepAliveAfter how long a batch may take before the client is polled in the meantime; below {@code
 *     pollInterval}
 * @param lookAtPartitions interval of requests for the ends of partitions
 * @param openTooLong after which somebody else's open transaction that holds back a partition is reported
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
     * Timeouts proven against frozen and killed brokers, killed replicas and rebalances. {@code openTooLong} is 5 s
     * longer than the time after which the broker ends the transaction of a dead stage, see {@link Transactions}.
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

    /** @throws IllegalArgumentException if a timeout is not positive, or two of them contradict each other */
    StageTimeouts {
        for (Duration each :
                new Duration[] {firstPause, session, heartbeat, keepAliveAfter, lookAtPartitions, openTooLong}) {
            require(each.compareTo(Duration.ZERO) > 0, "a timeout of a stage must be above 0 s, not " + each);
        }
        require(longestPause.compareTo(firstPause) >= 0, "the longest pause is shorter than the first");
        require(session.compareTo(heartbeat.multipliedBy(3)) >= 0, "a session must be at least three heartbeats long");
        require(pollInterval.compareTo(keepAliveAfter) > 0, "keepAliveAfter must be shorter than the poll interval");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
