package io.facestream.cameras;

import io.facestream.cameras.motion.MotionGate;
import io.facestream.cameras.motion.Verdict;
import io.facestream.video.FrameSampling;
import io.facestream.video.GreyPicture;
import io.facestream.video.Interruption;
import io.facestream.video.VideoFrame;
import io.facestream.video.VideoInput;
import io.facestream.video.VideoReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Optional;
import org.jboss.logging.Logger;

/** An opened camera: its frames at the rate of its definition, and what its gate says of them. For one thread. */
final class Footage implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Footage.class);
    private static final int QUARTER = 90;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Hears what happens on the way. */
    interface Observer {
        /** A frame was decoded, whether or not it is looked at. */
        void decoded(VideoFrame frame);

        /** The thread's CPU time of a step with one frame; of decoding, with all since the last that was looked at. */
        void spent(Step step, long cpuNanos);
    }

    private final VideoReader reader;
    private final MotionGate gate;
    private final FrameSampling sampling;
    private final Observer observer;

    private Footage(VideoReader reader, CameraDefinition definition, CameraSettings settings, Observer observer) {
        this.reader = reader;
        this.observer = observer;
        sampling = new FrameSampling(definition.fps());
        gate = definition.gate() == Gating.NONE
                ? null
                : new MotionGate(
                        new MotionGate.Times(settings.hold(), definition.keepAlive(), settings.absence()),
                        definition.fps());
    }

    /** @throws IOException in one line, without a login, if it cannot be filmed */
    static Footage open(
            VideoInput input,
            CameraDefinition definition,
            CameraSettings settings,
            Interruption interruption,
            Observer observer)
            throws IOException {
        VideoReader reader = VideoReader.open(input, definition.rotation() / QUARTER, LOG::debug, interruption);
        reader.thinTo(definition.fps());
        return new Footage(reader, definition, settings, observer);
    }

    /**
     * The next undamaged frame that is to be looked at; empty at the end.
     *
     * @throws IOException if the camera breaks off
     */
    Optional<VideoFrame> next() throws IOException {
        long begun = THREADS.getCurrentThreadCpuTime();
        try {
            for (Optional<VideoFrame> next = reader.next(); next.isPresent(); next = reader.next()) {
                VideoFrame frame = next.get();
                observer.decoded(frame);
                if (!frame.damaged() && sampling.takes(frame.at().toNanos() / 1_000)) {
                    return next;
                }
            }
            return Optional.empty();
        } finally {
            observer.spent(Step.DECODING, THREADS.getCurrentThreadCpuTime() - begun);
        }
    }

    /** A small picture of the frame that was read last, for the gate and for who looks whether it changes at all. */
    GreyPicture grey(VideoFrame frame) {
        long begun = THREADS.getCurrentThreadCpuTime();
        try {
            return frame.grey(MotionGate.LONGER_SIDE);
        } finally {
            observer.spent(Step.GATE, THREADS.getCurrentThreadCpuTime() - begun);
        }
    }

    /**
     * What the gate says; empty for a camera without a gate, whose frames all pass.
     *
     * @param nanos when the frame was taken, by a clock that never jumps
     */
    Optional<Verdict> look(GreyPicture grey, long nanos) {
        if (gate == null) {
            return Optional.empty();
        }
        long begun = THREADS.getCurrentThreadCpuTime();
        try {
            return Optional.of(gate.look(grey, nanos));
        } finally {
            observer.spent(Step.GATE, THREADS.getCurrentThreadCpuTime() - begun);
        }
    }

    /** The JPEG of the frame that was read last. */
    byte[] picture(VideoFrame frame) {
        long begun = THREADS.getCurrentThreadCpuTime();
        try {
            return frame.jpeg();
        } finally {
            observer.spent(Step.PICTURE, THREADS.getCurrentThreadCpuTime() - begun);
        }
    }

    /** How many frames the stream has had, whether or not they were decoded. */
    long frames() {
        return reader.packets();
    }

    @Override
    public void close() {
        reader.close();
        if (gate != null) {
            gate.close();
        }
    }
}
