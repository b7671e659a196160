package io.facestream.frames;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;

/** The largest pictures that are decoded: their size in memory is 3 bytes a pixel, whatever the file's. */
@ConfigMapping(prefix = "facestream.pictures")
public interface PictureBounds {
    /** Encoded size; a Kafka record of the picture topics has at most 8 MiB. */
    @WithDefault("8388608")
    @Positive
    int maxBytes();

    /** Width times height; 40 megapixels are more than any surveillance camera has. */
    @WithDefault("40000000")
    @Positive
    long maxPixels();
}
