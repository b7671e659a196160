package io.facestream.bench;

import io.facestream.detection.DetectionConfig;
import io.facestream.detection.DetectionConfig.Detector;
import io.facestream.detection.FaceDetectors;
import io.facestream.faces.FaceDetector;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The CPU time of several detectors on the same pictures, in turns. */
final class DetectBench implements AutoCloseable {
    private final PictureDecoder decoder;
    private final List<Tally> tallies;

    /**
     * What a detector took.
     *
     * @param detector its name in the settings
     * @param pictures that could be decoded
     * @param faces found in a round
     * @param cpuMillis CPU time for a picture, decoding apart
     * @param firstOverThis CPU time of the first detector over that of this one
     */
    record Cost(String detector, int pictures, int faces, double cpuMillis, double firstOverThis) {}

    /** Counts what a detector takes. */
    private static final class Tally {
        private final String name;
        private final FaceDetectors networks;
        private final FaceDetector detector;
        private long nanos;
        private int faces;

        Tally(Detector detector, DetectionConfig config) {
            this.name = detector.name().toLowerCase(Locale.ROOT);
            this.networks = FaceDetectors.load(detector, config);
            this.detector = networks.detector();
        }

        void detect(Picture picture, boolean measured) {
            // Of the whole process, because networks have threads of their own.
            long begun = ProcessCpu.nanos();
            int found = detector.detect(picture).size();
            if (measured) {
                faces += found;
                nanos += ProcessCpu.nanos() - begun;
            }
        }

        void close() {
            detector.close();
            networks.close();
        }
    }

    DetectBench(List<Detector> detectors, DetectionConfig config, PictureBounds bounds) {
        this.decoder = new PictureDecoder(bounds);
        this.tallies =
                detectors.stream().map(detector -> new Tally(detector, config)).toList();
    }

    /**
     * Looks at all pictures once, and then in as many rounds as are measured.
     *
     * @param step called after each picture of each round
     */
    List<Cost> measure(List<Path> files, int rounds, Runnable step) throws IOException {
        int pictures = 0;
        for (int round = 0; round <= rounds; round++) {
            boolean measured = round > 0;
            pictures = 0;
            for (Path file : files) {
                try (Picture picture = decoder.decode(Files.readAllBytes(file))) {
                    tallies.forEach(tally -> tally.detect(picture, measured));
                    pictures++;
                } catch (RejectedException e) {
                    // What cannot be decoded costs no detector anything.
                }
                step.run();
            }
        }
        List<Cost> costs = new ArrayList<>();
        for (Tally tally : tallies) {
            costs.add(new Cost(
                    tally.name,
                    pictures,
                    tally.faces / rounds,
                    tally.nanos / 1e6 / rounds / pictures,
                    (double) tallies.get(0).nanos / tally.nanos));
        }
        return costs;
    }

    @Override
    public void close() {
        tallies.forEach(Tally::close);
    }
}
