package io.facestream.stages;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A replica of the numbered stage as a process of its own, to be killed. */
final class KillableStage {
    static final String NAME = "killable";

    private KillableStage() {}

    /**
     * @param arguments the broker, the run, this replica's name, and after how many batches to stop halfway through the
     *     outputs, inside the transaction (0 = never); it prints {@code halfway} then. It ends when its input does.
     */
    public static void main(String[] arguments) throws Exception {
        Logger kafka = Logger.getLogger("org.apache.kafka");
        kafka.setLevel(Level.WARNING);
        String run = arguments[1];
        int batchesBeforeTheEnd = Integer.parseInt(arguments[3]);
        int[] batches = {0};
        Stages stages = new Stages(
                KafkaConnection.to(arguments[0]),
                new TestTopicsConfig(NumberedRecords.PARTITIONS, true),
                arguments[2],
                new SimpleMeterRegistry(),
                TestTracer.none());
        stages.start(
                NAME,
                Topic.CAMERA_FRAMES,
                List.of(Topic.DETECTED_FACES),
                new TestStageConfig(1, 50),
                () -> StageWork.ofBatches(() -> batch -> {
                    List<List<ProducerRecord<byte[], byte[]>>> outputs = NumberedRecords.process(run, batch);
                    int half = outputs.size() / 2;
                    if (!outputs.get(half).isEmpty() && ++batches[0] == batchesBeforeTheEnd) {
                        outputs.set(half, new StopsHalfway(outputs.get(half)));
                    }
                    return outputs;
                }));
        System.out.println("started");
        if (System.in.read() < 0) {
            Runtime.getRuntime().halt(0);
        }
    }

    /** Outputs of a record of which the loop never gets to send the second half. */
    private static final class StopsHalfway extends ArrayList<ProducerRecord<byte[], byte[]>> {
        private static final long serialVersionUID = 1L;

        StopsHalfway(Collection<ProducerRecord<byte[], byte[]>> outputs) {
            super(outputs);
        }

        @Override
        public Iterator<ProducerRecord<byte[], byte[]>> iterator() {
            Iterator<ProducerRecord<byte[], byte[]>> all = super.iterator();
            return new Iterator<>() {
                private int sent;

                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public ProducerRecord<byte[], byte[]> next() {
                    if (++sent > size() / 2) {
                        System.out.println("halfway");
                        awaitTheEnd();
                    }
                    return all.next();
                }
            };
        }

        private static void awaitTheEnd() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
