package io.facestream.bench;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.embeddings.FaceEmbedder;
import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import io.facestream.networks.Network;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.opencv.opencv_core.Mat;

/** Embeds noise, which takes as long as faces do. */
final class EmbedBench {
    /** Runs before the measurement: TensorFlow prepares itself for each size of batch. */
    private static final int WARM_UP = 3;

    private final Network network;
    private final int inputSide;
    private final Duration duration;

    /** @param duration of each measurement */
    EmbedBench(Network network, int inputSide, Duration duration) {
        this.network = network;
        this.inputSide = inputSide;
        this.duration = duration;
    }

    /** @param cpuMillisPerFace CPU time of the whole process, divided by the faces */
    record Speed(int batch, int callers, double facesPerSecond, double cpuMillisPerFace) {}

    Speed measure(int batch, int callers) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        List<FaceEmbedder> embedders = new ArrayList<>();
        try (Picture chip = noise()) {
            List<Picture> chips = Collections.nCopies(batch, chip);
            for (int i = 0; i < callers; i++) {
                FaceEmbedder embedder = new FaceEmbedder(network, inputSide, batch);
                embedders.add(embedder);
                for (int run = 0; run < WARM_UP; run++) {
                    embedder.embed(chips);
                }
            }
            long cpu = ProcessCpu.nanos();
            long started = System.nanoTime();
            long end = started + duration.toNanos();
            List<Future<Long>> running = new ArrayList<>();
            for (FaceEmbedder embedder : embedders) {
                running.add(threads.submit(() -> embedUntil(end, embedder, chips)));
            }
            long faces = 0;
            for (Future<Long> caller : running) {
                faces += caller.get();
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            return new Speed(batch, callers, faces / seconds, (ProcessCpu.nanos() - cpu) / 1e6 / faces);
        } finally {
            threads.shutdown();
            embedders.forEach(FaceEmbedder::close);
        }
    }

    private static long embedUntil(long end, FaceEmbedder embedder, List<Picture> chips) {
        long faces = 0;
        do {
            faces += embedder.embed(chips).size();
        } while (System.nanoTime() < end);
        return faces;
    }

    private static Picture noise() {
        Mat rgb = new Mat(FaceAligner.CHIP_SIZE, FaceAligner.CHIP_SIZE, CV_8UC3);
        byte[] bytes = new byte[3 * FaceAligner.CHIP_SIZE * FaceAligner.CHIP_SIZE];
        new Random(1).nextBytes(bytes);
        rgb.<ByteBuffer>createBuffer().put(bytes);
        return new Picture(rgb);
    }
}
