package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
    private static final TopicPartition FRAMES = new TopicPartition("frames", 0);

    @TempDir
    Path folder;

    @Test
    void aSecondStartFindsWhatTheFirstOneWrote() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, 0)) {
            createTopic(kafka.bootstrapServers());
            publish(kafka.bootstrapServers(), "entrance", "a frame");
        }
        try (var kafka = EmbeddedKafka.start(folder, 0)) {
            assertThat(read(kafka.bootstrapServers())).containsExactly("a frame");
        }
    }

    @Test
    void aTransactionCommitsOnASingleNode() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, 0)) {
            createTopic(kafka.bootstrapServers());
            try (var producer = producer(kafka.bootstrapServers(), Map.of("transactional.id", "stage-1"))) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(FRAMES.topic(), "entrance", "a frame"))
                        .get();
                producer.commitTransaction();
            }
            assertThat(read(kafka.bootstrapServers())).containsExactly("a frame");
        }
    }

    @Test
    void aTopicThatNobodyCreatedIsNotMadeUp() {
        try (var kafka = EmbeddedKafka.start(folder, 0);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                var producer = producer(kafka.bootstrapServers(), Map.of("max.block.ms", "1000"))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("nobodys", "value"))
                            .get())
                    .isInstanceOf(ExecutionException.class);
            assertThatThrownBy(() -> admin.describeTopics(List.of("nobodys"))
                            .allTopicNames()
                            .get())
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, taken.getLocalPort()))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " of 127.0.0.1");
        }
    }

    @Test
    void aBrokerThatWasKilledComesBackWithItsRecords() throws Exception {
        Process broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedKafka.class.getName(),
                        folder.toString(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = broker.inputReader(StandardCharsets.UTF_8)) {
            Optional<String> ready =
                    output.lines().filter(line -> line.startsWith("ready ")).findFirst();
            String bootstrapServers = ready.orElseThrow().substring("ready ".length());
            createTopic(bootstrapServers);
            publish(bootstrapServers, "entrance", "a frame");
        } finally {
            broker.destroyForcibly();
        }
        assertThat(broker.waitFor(10, TimeUnit.SECONDS)).isTrue();

        try (var kafka = EmbeddedKafka.start(folder, 0)) {
            assertThat(read(kafka.bootstrapServers())).containsExactly("a frame");
        }
    }

    /** As Kafka's ControllerApis reports them; whether a start meets the moment depends on the threads' luck. */
    @Test
    void aRequestThatCameBeforeTheControllerWasActiveIsNotReportedAndEveryOtherFailureIs() {
        Logger requests = Logger.getLogger("kafka.server.ControllerApis");
        List<String> reported = new ArrayList<>();
        Handler recorder = new Handler() {
            @Override
            public void publish(LogRecord report) {
                reported.add(report.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        try (var kafka = EmbeddedKafka.start(folder, 0)) {
            assertThat(kafka.bootstrapServers()).isNotEmpty();
            requests.addHandler(recorder);
            requests.log(Level.SEVERE, "too early", new CompletionException(new NotControllerException("nobody is")));
            requests.log(Level.SEVERE, "broken", new CompletionException(new IllegalStateException("a fault")));
            requests.log(Level.SEVERE, "without a trace");
        } finally {
            requests.removeHandler(recorder);
        }

        assertThat(reported).containsExactly("broken", "without a trace");
    }

    private static void createTopic(String bootstrapServers) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(FRAMES.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void publish(String bootstrapServers, String key, String value) throws Exception {
        try (var producer = producer(bootstrapServers, Map.of())) {
            producer.send(new ProducerRecord<>(FRAMES.topic(), key, value)).get();
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrapServers, Map<String, Object> more) {
        var settings = new HashMap<String, Object>(more);
        settings.put("bootstrap.servers", bootstrapServers);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static List<String> read(String bootstrapServers) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(FRAMES));
            for (int i = 0; i < 30; i++) {
                var records = consumer.poll(Duration.ofSeconds(1));
                if (!records.isEmpty()) {
                    return records.records(FRAMES).stream()
                            .map(ConsumerRecord::value)
                            .toList();
                }
            }
        }
        return List.of();
    }
}
