package io.facestream.messaging;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Tells when new topics take records.
 *
 * <p>A broker names the leader of a new partition before that leader has opened its log, and refuses records until
 * then. An idempotent producer with several requests in flight that writes in between never delivers the first of them:
 * the broker takes the second one as the beginning of the sequence ({@code findings/kafka-new-topic-sequence.sh}).
 */
public final class PartitionLogs {
    private PartitionLogs() {}

    /**
     * Whether every partition takes records. It completes with false at once if one has no leader, and with true as
     * soon as all leaders have opened their logs: only an open log answers for its end, and the client asks again until
     * then. It fails with {@link org.apache.kafka.common.errors.UnknownTopicOrPartitionException} if the broker that is
     * asked does not know a topic yet.
     */
    public static KafkaFuture<Boolean> areOpen(Admin admin, Collection<TopicDescription> topics) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicDescription topic : topics) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                if (partition.leader() == null || partition.leader().equals(Node.noNode())) {
                    return KafkaFuture.completedFuture(false);
                }
                ends.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
            }
        }
        return admin.listOffsets(ends).all().thenApply(offsets -> true);
    }
}
