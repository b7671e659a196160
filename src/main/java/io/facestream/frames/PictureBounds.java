package io.facestream.frames;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;

/** The largest pictures to decode. In memory a pixel takes 3 bytes, whatever the size of the file. */
@ConfigMapping(prefix = "facestream.pictures")
public interface PictureBounds {
    /** Encoded size; a Kafka record of the picture topics has at most 8 MiB. */
    @WithDefault("8388608")
    @Positive
    @Max(8_388_608)
    int maxBytes();

    /** Width times height. No surveillance camera has as much as 40 megapixels. */
    @WithDefault("40000000")
    @Positive
    long maxPixels();
}
