package io.facestream.detection;

import io.facestream.frames.CameraFrame;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a frame costs, before it is decoded: the pixels that it announces, and nothing where it is too old to be looked at. Every frame
 * comes by here, in the order of its partition: so here its id is noted.
 */
final class FrameWeight implements ToLongFunction<ConsumerRecord<byte[], byte[]>> {
    private final FrameAge age;
    private final RecentFrames recent;

    FrameWeight(FrameAge age, RecentFrames recent) {
        this.age = age;
        this.recent = recent;
    }

    @Override
    public long applyAsLong(ConsumerRecord<byte[], byte[]> record) {
        try {
            CameraFrame frame = CameraFrame.of(record);
            recent.note(frame);
            return age.beyondLimit(frame).isPresent() ? 0 : Math.max(1, PictureDecoder.announcedPixels(frame.image()));
        } catch (RejectedException e) {
            return 1;
        }
    }
}
