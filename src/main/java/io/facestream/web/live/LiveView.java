package io.facestream.web.live;

import io.facestream.frames.CameraFrame;
import io.facestream.frames.FrameTopic;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;

/**
 * A frame with its faces, as all sockets get it.
 *
 * @param sequence by which browsers say that they have drawn it
 * @param message the length of the header in 4 bytes, the header as JSON, and the picture as it came
 */
record LiveView(String camera, long sequence, RecordPointer frame, Instant appendedAt, Buffer message) {
    /**
     * What a browser needs to know of a picture.
     *
     * @param appendedAt when the frame came to the broker
     * @param recognised whether the faces are known; else they were not looked for yet
     */
    private record Header(
            String camera, long sequence, Instant appendedAt, String type, boolean recognised, List<LiveFace> faces) {}

    /** @param faces null if they were not looked for yet */
    static LiveView of(CameraFrame frame, long sequence, List<LiveFace> faces) {
        byte[] header = Json.write(new Header(
                frame.camera(),
                sequence,
                frame.appendedAt(),
                FrameTopic.contentType(frame.image()),
                faces != null,
                faces == null ? List.of() : faces));
        Buffer message = Buffer.buffer(Integer.BYTES + header.length + frame.image().length)
                .appendInt(header.length)
                .appendBytes(header)
                .appendBytes(frame.image());
        return new LiveView(frame.camera(), sequence, frame.pointer(), frame.appendedAt(), message);
    }

    int bytes() {
        return message.length();
    }
}
