package io.facestream.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VVC;

import java.util.Set;
import java.util.TreeSet;

/** Collects the damage reported by demuxer and decoder, by packet number. */
final class FrameMarks {
    /**
     * Codecs whose decoders mark no frames, so that their log is the only evidence of damage. Other decoders also log
     * trifles.
     */
    private static final Set<Integer> SAY_IT_IN_THE_LOG = Set.of(
            AV_CODEC_ID_AV1, AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_VVC);

    /** A decoder holds back at most 16 frames (H.264 and H.265). Older numbers belong to packets without a frame. */
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
     * Notes that the demuxer lost data at this packet, so that later frames may be predicted from missing data.
     * FFmpeg's parsers set the mark one packet too early: on the packet that they complete when the damaged one
     * arrives.
     */
    void lossAt(long number) {
        damage.lossAfter(number + 1);
    }

    /** Notes how many errors the decoder logged for this packet. */
    void said(long number, long errors) {
        if (byLog && errors > 0) {
            complained.add(number);
            if (complained.size() > HELD_BACK) {
                complained.pollFirst();
            }
        }
    }

    /** Notes a packet that yields no frame. */
    void undecodable(long number) {
        if (number != lastUndecodable) {
            lastUndecodable = number;
            undecodable++;
            damage.lossAfter(number);
        }
    }

    /** The number of packets that yielded no frame. */
    long undecodable() {
        return undecodable;
    }

    /** See {@link Damage#shownBy}. */
    boolean damaged(long number, boolean marked, boolean key, boolean disposable, long micros) {
        boolean said = complained.remove(number);
        return damage.shownBy(number, marked || said, key, disposable, micros);
    }
}
