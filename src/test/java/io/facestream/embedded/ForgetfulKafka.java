package io.facestream.embedded;

import io.facestream.messaging.KafkaConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A broker that looks several times a second for records that are past their retention, and then deletes their files
 * at once.
 */
public final class ForgetfulKafka implements AutoCloseable {
    private final KafkaRaftServer server;
    private final Path folder;
    private final int port;

    private ForgetfulKafka(Path folder, List<Integer> ports) {
        this.folder = folder;
        port = ports.get(0);
        Properties settings = EmbeddedKafka.settings(folder, port, ports.get(1));
        settings.put("log.retention.check.interval.ms", "200");
        settings.put("log.initial.task.delay.ms", "100");
        settings.put("log.segment.delete.delay.ms", "100");
        settings.put("log.cleaner.backoff.ms", "100");
        server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
    }

    /** @param folder for its files, empty */
    public static ForgetfulKafka start(Path folder) {
        EmbeddedKafka.format(folder);
        ForgetfulKafka kafka = new ForgetfulKafka(folder, FreePort.orGiven(List.of(0, 0)));
        kafka.server.startup();
        return kafka;
    }

    public KafkaConnection connection() {
        return KafkaConnection.to("127.0.0.1:" + port);
    }

    /** Where its segment files are. */
    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
