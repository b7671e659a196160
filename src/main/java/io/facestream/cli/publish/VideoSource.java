package io.facestream.cli.publish;

import io.facestream.cli.publish.Playback.Damaged;
import io.facestream.video.FrameSampling;
import io.facestream.video.VideoFrame;
import io.facestream.video.VideoInput;
import io.facestream.video.VideoReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** A video file, a stream or a webcam. Each picture becomes a JPEG, upright and with square pixels. */
public final class VideoSource implements FrameSource {
    /** How many runs of damage are reported one by one. */
    private static final int RUNS_TOLD = 20;

    private final VideoReader reader;
    private final String name;
    private final boolean live;
    private final Playback playback;
    private final Optional<FrameSampling> sampling;
    private long read;
    private long damaged;
    private long runs;
    private boolean inRun;

    VideoSource(VideoInput input, Playback playback) throws IOException {
        name = input.name();
        live = input.live();
        this.playback = playback;
        sampling = playback.framesPerSecond().isPresent()
                ? Optional.of(new FrameSampling(playback.framesPerSecond().getAsDouble()))
                : Optional.empty();
        reader = VideoReader.open(input, playback.quarterTurns(), playback.notices());
    }

    public static VideoSource file(Path file, OptionalDouble framesPerSecond) throws IOException {
        return new VideoSource(VideoInput.file(file), Playback.plain(framesPerSecond));
    }

    @Override
    public Optional<SourceFrame> next() throws IOException {
        while (true) {
            Optional<VideoFrame> next = reader.next();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            VideoFrame frame = next.get();
            read++;
            note(frame);
            boolean left = frame.damaged() && playback.damaged() == Damaged.SKIP;
            if (left
                    || (sampling.isPresent() && !sampling.get().takes(frame.at().toNanos() / 1_000))) {
                continue;
            }
            Optional<Duration> at = live ? Optional.empty() : Optional.of(frame.at());
            return Optional.of(new SourceFrame(at, frame.jpeg(), name, frame.damaged()));
        }
    }

    private void note(VideoFrame frame) {
        if (frame.damaged()) {
            damaged++;
            if (!inRun && ++runs <= RUNS_TOLD) {
                playback.notices()
                        .accept(name + ": damaged at " + frame.at().toMillis() / 1_000.0 + " s; frames are "
                                + (playback.damaged() == Damaged.SKIP ? "left out" : "published, marked as damaged,")
                                + " until it is undamaged again"
                                + (runs == RUNS_TOLD ? "; further damage is reported at the end" : ""));
            }
        }
        inRun = frame.damaged();
    }

    @Override
    public Tally tally() {
        return new Tally(read + reader.undecodable(), damaged + reader.undecodable());
    }

    @Override
    public Duration end() {
        return reader.end();
    }

    @Override
    public void interrupt() {
        if (live) {
            reader.interrupt();
        }
    }

    @Override
    public void close() {
        reader.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
