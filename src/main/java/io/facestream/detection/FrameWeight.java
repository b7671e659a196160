package io.facestream.detection;

import io.facestream.frames.CameraFrame;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The cost of a frame before decoding: its announced pixels, or 0 if it is too old to be processed. Every frame passes
 * here in the order of its partition, so this is where its id is noted.
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
