package io.facestream.gallery.strangers;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** A duration, or {@code none}. */
public final class NoneOrDuration implements Converter<Duration> {
    private static final long serialVersionUID = 1L;

    /** @return null for {@code none} */
    @Override
    public Duration convert(String value) {
        return value.strip().equals("none") ? null : DurationConverter.parseDuration(value.strip());
    }
}
