package io.facestream.cameras;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VVC;

import java.util.Set;
import java.util.TreeSet;

/** Collects what demuxer and decoder say of damage, by the numbers of the packets that they say it of. */
final class FrameMarks {
    /**
     * Their decoders mark no frames: what they complain of in the log is all there is. Others' logs tell of trifles
     * too.
     */
    private static final Set<Integer> SAY_IT_IN_THE_LOG = Set.of(
            AV_CODEC_ID_AV1, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_VVC);

    /** A decoder holds back 16 frames at most (H.264 and H.265); older numbers are of packets without a frame. */
    private static final int HELD_BACK = 64;

    private final Damage damage = new Damage();
    private final boolean byLog;
    private final TreeSet<Long> complained = new TreeSet<>();
    private long lastUndecodable = -1;
    private long undecodable;

    FrameMarks(int codec) {
        byLog = SAY_IT_IN_THE_LOG.contains(codec);
    }

    /**
     * The demuxer missed something at this packet: what is decoded later may be predicted from what is not there.
     * FFmpeg's parsers put the mark a packet too early: on the one that they complete when the damaged one comes in.
     */
    void lossAt(long number) {
        damage.lossAfter(number + 1);
    }

    /** The decoder wrote so many errors while it worked on this packet. */
    void said(long number, long errors) {
        if (byLog && errors > 0) {
            complained.add(number);
            if (complained.size() > HELD_BACK) {
                complained.pollFirst();
            }
        }
    }

    /** No frame comes of this packet. */
    void undecodable(long number) {
        if (number != lastUndecodable) {
            lastUndecodable = number;
            undecodable++;
            damage.lossAfter(number);
        }
    }

    /** How many packets no frame came of. */
    long undecodable() {
        return undecodable;
    }

    /** See {@link Damage#shownBy}. */
    boolean damaged(long number, boolean marked, boolean key, boolean disposable, long micros) {
        boolean said = complained.remove(number);
        return damage.shownBy(number, marked || said, key, disposable, micros);
    }
}
