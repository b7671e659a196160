package io.facestream.stages;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;

/** Tracers for stages without Quarkus. */
final class TestTracer {
    private TestTracer() {}

    /** One that records nothing, as where tracing is off. */
    static Tracer none() {
        return OpenTelemetry.noop().getTracer("test");
    }
}
