package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Records {@code run:partition:number} on {@code camera-frames}, and what a stage makes of each: one or two outputs
 * and a mark, on the same partition of {@code detected-faces}.
 */
final class NumberedRecords {
    static final int PARTITIONS = 6;

    private static final long MILLIS_BETWEEN_ROUNDS = 30;

    private NumberedRecords() {}

    /** What comes of a record, in order. */
    static List<String> outputs(String run, int partition, int number) {
        String input = run + ":" + partition + ":" + number;
        return number % 3 == 0
                ? List.of(input + "#0", input + "#1", input + "#mark")
                : List.of(input + "#0", input + "#mark");
    }

    /** The stage's function; records of other runs yield nothing. */
    static List<List<ProducerRecord<byte[], byte[]>>> process(String run, List<ConsumerRecord<byte[], byte[]>> batch)
            throws InterruptedException {
        List<List<ProducerRecord<byte[], byte[]>>> outputs = new ArrayList<>();
        boolean ours = false;
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            List<ProducerRecord<byte[], byte[]>> ofRecord = new ArrayList<>();
            outputs.add(ofRecord);
            String[] input = new String(record.value(), UTF_8).split(":", -1);
            if (input[0].equals(run)) {
                ours = true;
                for (String output : outputs(run, record.partition(), Integer.parseInt(input[2]))) {
                    ofRecord.add(new ProducerRecord<>(
                            Topic.DETECTED_FACES.topicName(),
                            record.partition(),
                            record.key(),
                            output.getBytes(UTF_8)));
                }
            }
        }
        if (ours) {
            // Inference would take longer.
            Thread.sleep(20);
        }
        return outputs;
    }

    /** Sends a record to each partition every few milliseconds, whatever happens to the broker. */
    static final class Publisher implements AutoCloseable {
        private final String run;
        private final KafkaProducer<byte[], byte[]> producer;
        private final List<Future<RecordMetadata>> sent = new ArrayList<>();
        private final Thread thread = new Thread(this::publish, "publisher");
        private volatile boolean running = true;
        private volatile int rounds;

        Publisher(KafkaConnection connection, String run) {
            this.run = run;
            this.producer = connection.producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
            thread.start();
        }

        private void publish() {
            try {
                while (running) {
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        byte[] value = (run + ":" + partition + ":" + rounds).getBytes(UTF_8);
                        sent.add(producer.send(
                                new ProducerRecord<>(Topic.CAMERA_FRAMES.topicName(), partition, null, value)));
                    }
                    rounds++;
                    Thread.sleep(MILLIS_BETWEEN_ROUNDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Records that each partition holds by now, if all arrived. */
        int rounds() {
            return rounds;
        }

        /** Ends publishing, makes sure that all arrived, and returns how many each partition holds. */
        int finish() throws Exception {
            running = false;
            thread.join();
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
            return rounds;
        }

        @Override
        public void close() throws InterruptedException {
            running = false;
            thread.join();
            producer.close();
        }
    }
}
