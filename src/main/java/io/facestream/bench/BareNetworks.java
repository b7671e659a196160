package io.facestream.bench;

import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Decoding, detection, alignment and embedding in a loop, without anything around them. */
final class BareNetworks {
    private final PictureBounds bounds;
    private final DetectionConfig detection;
    private final byte[] weights = ShippedModel.weights();
    private final ModelVersion version = ShippedModel.version(weights);

    BareNetworks(Settings settings) {
        this.bounds = settings.get(PictureBounds.class);
        this.detection = settings.get(DetectionConfig.class);
    }

    /** Works on the frames, by that many threads. */
    TimedFrames run(List<byte[]> frames, int callers) throws InterruptedException, ExecutionException {
        return run(frames, callers, new double[frames.size()]);
    }

    /** Milliseconds of each frame, by one thread. */
    double[] millis(List<byte[]> frames) throws InterruptedException, ExecutionException {
        double[] millis = new double[frames.size()];
        run(frames, 1, millis);
        return millis;
    }

    private TimedFrames run(List<byte[]> frames, int callers, double[] millis)
            throws InterruptedException, ExecutionException {
        PictureDecoder decoder = new PictureDecoder(bounds);
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try (FaceDetectors detectors = FaceDetectors.load(detection);
                Network network = Network.load(version.version(), weights, ComputeDevice.AUTO)) {
            List<FaceFinder> finders = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                finders.add(new FaceFinder(detectors.detector()));
            }
            TimedFrames.Timer timer = new TimedFrames.Timer();
            List<Future<Long>> running = new ArrayList<>();
            for (FaceFinder finder : finders) {
                running.add(threads.submit(
                        () -> work(frames, next, decoder, finder, network, version.inputSide(), millis)));
            }
            for (Future<Long> caller : running) {
                caller.get();
            }
            return timer.stop(frames.size());
        } finally {
            threads.shutdown();
        }
    }

    /**
     * Takes frames until there are no more, and returns the number of faces.
     *
     * @param next frame to take
     * @param millis the time of each frame, filled in
     */
    static long work(
            List<byte[]> frames,
            AtomicInteger next,
            PictureDecoder decoder,
            FaceFinder finder,
            Network network,
            int inputSide,
            double[] millis)
            throws RejectedException {
        long faces = 0;
        try (finder;
                FaceEmbedder embedder = new FaceEmbedder(network, inputSide)) {
            for (int i = next.getAndIncrement(); i < frames.size(); i = next.getAndIncrement()) {
                long started = System.nanoTime();
                try (Picture picture = decoder.decode(frames.get(i))) {
                    List<FaceView> views = finder.find(picture);
                    faces += embedder.embed(views.stream().map(FaceView::chip).toList())
                            .size();
                    views.forEach(FaceView::close);
                }
                millis[i] = (System.nanoTime() - started) / 1e6;
            }
        }
        return faces;
    }
}
