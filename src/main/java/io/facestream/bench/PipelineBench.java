package io.facestream.bench;

import io.facestream.cli.publish.FrameSource.SourceFrame;
import io.facestream.cli.publish.VideoSource;
import io.facestream.cli.topics.RecordPublisher;
import io.facestream.cli.topics.TopicFollower;
import io.facestream.configuration.Settings;
import io.facestream.demo.SampleCamera;
import io.facestream.faces.FrameMark;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Times frames through the running service, and the same frames through the bare networks. */
class PipelineBench implements QuarkusApplication {
    private static final String CAMERA = "bench";
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration LOST = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofMillis(100);

    /** Enough to make the time that start and end take negligible. */
    private static final int MIN_FRAMES = 1_000;

    /** How long frames are sent before any are measured: Java's compiler has then done with most of the code. */
    private static final Duration WARMING = Duration.ofMinutes(1);

    /** How often each is measured, in turns; medians are reported. */
    private static final int ROUNDS = 3;

    private final Settings settings = Settings.load();
    private final String run = "bench-" + System.currentTimeMillis();
    private int published;

    /** How often the sample clip is played to time names: about four visits each. */
    private static final int PLAYS = 6;

    /**
     * The results; frames per second and CPU times are medians.
     *
     * @param cpuMillis CPU time of this process a frame, the broker's included, PostgreSQL's not
     * @param bareCpuMillis the same for the bare networks, called by two threads
     * @param firstNameMillis null if the frames are not the sample clip's
     */
    record Report(
            String source,
            int frames,
            double framesPerSecond,
            double bareFramesPerSecondOneCaller,
            double bareFramesPerSecondTwoCallers,
            double ratioToBareNetworks,
            double cpuMillis,
            double bareCpuMillis,
            Latency latencyMillis,
            FirstNames.FirstName firstNameMillis) {}

    /** The time from before a frame is sent until its mark is read, with no other frame under way. */
    record Latency(int frames, double p50, double p95) {}

    @Override
    public int run(String... arguments) throws Exception {
        String source = arguments[0];
        List<byte[]> clip = source.isEmpty() ? sampleClip() : videoClip(source);
        List<byte[]> frames = new ArrayList<>();
        while (frames.size() < MIN_FRAMES) {
            frames.addAll(clip);
        }
        TimedFrames[] pipeline = new TimedFrames[ROUNDS];
        TimedFrames[] one = new TimedFrames[ROUNDS];
        TimedFrames[] two = new TimedFrames[ROUNDS];
        BareNetworks bare = new BareNetworks(settings);
        Latency latency;
        try (TopicFollower events = new TopicFollower(settings, Topic.IDENTITY_EVENTS, TopicFollower.From.NOW);
                RecordPublisher publisher = new RecordPublisher(settings, Topic.CAMERA_FRAMES)) {
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < WARMING.toNanos()) {
                through(clip, publisher, events);
            }
            bare.run(clip, 1);
            for (int round = 0; round < ROUNDS; round++) {
                pipeline[round] = through(frames, publisher, events);
                one[round] = bare.run(frames, 1);
                two[round] = bare.run(frames, 2);
            }
            latency = latency(clip.get(clip.size() / 6), Integer.parseInt(arguments[1]), publisher, events);
        }
        Report report = new Report(
                source.isEmpty() ? "sample camera" : source,
                frames.size(),
                median(pipeline, TimedFrames::framesPerSecond),
                median(one, TimedFrames::framesPerSecond),
                median(two, TimedFrames::framesPerSecond),
                median(pipeline, TimedFrames::framesPerSecond)
                        / Math.max(
                                median(one, TimedFrames::framesPerSecond), median(two, TimedFrames::framesPerSecond)),
                median(pipeline, TimedFrames::cpuMillis),
                median(two, TimedFrames::cpuMillis),
                latency,
                source.isEmpty() ? new FirstNames(settings, run).measure(PLAYS) : null);
        System.out.println(BenchReport.of(report, arguments[2]));
        return 0;
    }

    private static List<byte[]> sampleClip() {
        try (SampleCamera camera = new SampleCamera();
                Stream<SampleCamera.Shot> shots = camera.shots()) {
            return shots.map(SampleCamera.Shot::jpeg).toList();
        }
    }

    private static List<byte[]> videoClip(String file) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        try (VideoSource video = VideoSource.file(Path.of(file), OptionalDouble.empty())) {
            for (Optional<SourceFrame> frame = video.next(); frame.isPresent(); frame = video.next()) {
                frames.add(frame.get().image());
            }
        }
        return frames;
    }

    private static double median(TimedFrames[] runs, ToDoubleFunction<TimedFrames> figure) {
        return BenchReport.percentile(Arrays.stream(runs).mapToDouble(figure).toArray(), 0.5);
    }

    /** From the first frame's publication to the last one's mark. */
    private TimedFrames through(List<byte[]> frames, RecordPublisher publisher, TopicFollower events)
            throws RejectedException {
        TimedFrames.Timer timer = new TimedFrames.Timer();
        Set<String> pending = new HashSet<>();
        for (byte[] frame : frames) {
            pending.add(publish(frame, publisher));
        }
        await(pending, events);
        return timer.stop(frames.size());
    }

    private Latency latency(byte[] frame, int times, RecordPublisher publisher, TopicFollower events)
            throws RejectedException, InterruptedException {
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            Thread.sleep(IDLE.toMillis());
            Set<String> pending = new HashSet<>();
            long started = System.nanoTime();
            pending.add(publish(frame, publisher));
            await(pending, events);
            millis[i] = seconds(started) * 1e3;
        }
        return new Latency(times, BenchReport.percentile(millis, 0.5), BenchReport.percentile(millis, 0.95));
    }

    private String publish(byte[] frame, RecordPublisher publisher) {
        String id = run + "-" + published++;
        publisher.frame(CAMERA, id, Instant.now(), frame);
        return id;
    }

    private static void await(Set<String> pending, TopicFollower events) throws RejectedException {
        long lastSeen = System.nanoTime();
        while (!pending.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : events.poll(POLL)) {
                if (CloudEventRecords.require(record).getType().equals(FrameMark.TYPE)
                        && pending.remove(Json.read(record.value(), FrameMark.class)
                                .frame()
                                .id())) {
                    lastSeen = System.nanoTime();
                }
            }
            if (System.nanoTime() - lastSeen > LOST.toNanos()) {
                throw new IllegalStateException(pending.size() + " frames did not arrive");
            }
        }
    }

    private static double seconds(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}
