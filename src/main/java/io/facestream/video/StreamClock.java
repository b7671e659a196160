package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** When a stream's frames were taken, since the first; gives notice of what is odd about the stream's own clock. */
final class StreamClock {
    /** Assumed for streams without a rate, as FFmpeg's demuxers and players do. Most cameras use it. */
    private static final double USUAL_RATE = 25;

    /**
     * How many frames in a row must lack a time. The first frame of a stream may lack one because its clock is not
     * known yet.
     */
    private static final int UNTIMED = 2;

    private static final int JUMPS_REPORTED = 20;

    private final String name;
    private final boolean live;
    private final Consumer<String> notices;
    private final boolean withoutTimes;
    private final double rate;
    private final boolean rateIsKnown;
    private final double microsPerTick;
    private final FrameTimes times;

    private long untimed;
    private boolean untimedReported;
    private long jumps;

    StreamClock(VideoInput source, StreamInput input, Consumer<String> notices) {
        name = source.name();
        live = source.live();
        this.notices = notices;
        withoutTimes = input.isWithoutTimes();
        OptionalDouble coded = input.codedFrameRate();
        OptionalDouble known = coded.isPresent() || withoutTimes ? coded : input.frameRate();
        rate = known.orElse(USUAL_RATE);
        rateIsKnown = known.isPresent();
        times = new FrameTimes(Math.round(1e6 / rate));
        microsPerTick = 1e6
                * input.stream().time_base().num()
                / input.stream().time_base().den();
    }

    /**
     * The time of the next frame.
     *
     * @param stamp in the stream's units; AV_NOPTS_VALUE if it has none
     * @return microseconds since the first frame
     */
    long next(long stamp) {
        boolean timed = isTimed(stamp);
        untimed = timed ? 0 : untimed + 1;
        long micros;
        if (timed) {
            micros = times.next(OptionalLong.of(Math.round(stamp * microsPerTick)));
        } else {
            micros = live && untimed >= UNTIMED
                    ? times.arrived(System.nanoTime() / 1_000)
                    : times.next(OptionalLong.empty());
        }
        report(micros);
        return micros;
    }

    /** The time that a packet's frame will have if the clock does not jump; empty if that cannot be told. */
    OptionalLong expected(long stamp) {
        if (isTimed(stamp)) {
            return times.expected(Math.round(stamp * microsPerTick));
        }
        return live && untimed >= UNTIMED ? times.expectedArrival(System.nanoTime() / 1_000) : OptionalLong.empty();
    }

    private boolean isTimed(long stamp) {
        return stamp != AV_NOPTS_VALUE && !withoutTimes;
    }

    /** When the frame after the last one would be due, in microseconds since the first. */
    long end() {
        return times.end();
    }

    private void report(long micros) {
        if (!live && !untimedReported && untimed == UNTIMED) {
            untimedReported = true;
            notices.accept(name + " has no times: its frames are taken as " + number(rate) + " a second, "
                    + (rateIsKnown ? "the rate that it states" : "because it states no rate"));
        }
        long jumped = times.jumped();
        if (jumped != 0 && ++jumps <= JUMPS_REPORTED) {
            notices.accept(name + ": its clock jumps " + length(Math.abs(jumped)) + (jumped > 0 ? " forward" : " back")
                    + " at " + length(micros) + "; playback continues without a gap"
                    + (jumps == JUMPS_REPORTED ? "; further jumps are not reported" : ""));
        }
    }

    private static String length(long micros) {
        double seconds = micros / 1e6;
        if (seconds < 60) {
            return number(seconds) + " s";
        }
        return seconds < 3_600 ? number(seconds / 60) + " min" : number(seconds / 3_600) + " h";
    }

    /** With two decimals at most. */
    static String number(double value) {
        return String.valueOf(Math.round(value * 100) / 100.0).replaceFirst("\\.0$", "");
    }
}
