package io.facestream.faces;

import io.facestream.frames.CameraFrame;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a frame costs, before it is decoded: the pixels that it announces, and nothing where it is too old to be looked at. */
final class FrameWeight implements ToLongFunction<ConsumerRecord<byte[], byte[]>> {
    private final FrameAge age;

    FrameWeight(FrameAge age) {
        this.age = age;
    }

    @Override
    public long applyAsLong(ConsumerRecord<byte[], byte[]> record) {
        byte[] image = record.value() == null ? new byte[0] : record.value();
        return isStale(record) ? 0 : Math.max(1, PictureDecoder.announcedPixels(image));
    }

    private boolean isStale(ConsumerRecord<byte[], byte[]> record) {
        if (!age.isLimited()) {
            return false;
        }
        try {
            return age.beyondLimit(CameraFrame.of(record)).isPresent();
        } catch (RejectedException e) {
            return false;
        }
    }
}
