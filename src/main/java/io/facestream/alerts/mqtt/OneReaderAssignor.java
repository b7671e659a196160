package io.facestream.alerts.mqtt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;

/**
 * All partitions to one member of the group, and none to the others, which stand by. Whether somebody is present is
 * told by all cameras together, so it takes one who reads them all. Whoever reads goes on reading.
 */
public final class OneReaderAssignor implements ConsumerPartitionAssignor {
    @Override
    public String name() {
        return "facestream-one-reader";
    }

    /** Somebody who comes to stand by interrupts nothing. */
    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE);
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
        Map<String, Subscription> members = new TreeMap<>(group.groupSubscription());
        String reader = members.entrySet().stream()
                .max(Comparator.comparing((Map.Entry<String, Subscription> member) ->
                                member.getValue().ownedPartitions().isEmpty()
                                        ? Integer.MIN_VALUE
                                        : member.getValue().generationId().orElse(-1))
                        .thenComparing(Map.Entry::getKey))
                .orElseThrow()
                .getKey();
        Map<String, Assignment> assignments = new HashMap<>();
        members.forEach((member, subscription) -> {
            List<TopicPartition> all = new ArrayList<>();
            if (member.equals(reader)) {
                for (String topic : subscription.topics()) {
                    cluster.partitionsForTopic(topic)
                            .forEach(each -> all.add(new TopicPartition(topic, each.partition())));
                }
            }
            assignments.put(member, new Assignment(all));
        });
        return new GroupAssignment(assignments);
    }
}
