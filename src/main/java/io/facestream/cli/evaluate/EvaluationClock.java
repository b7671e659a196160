package io.facestream.cli.evaluate;

import io.facestream.evaluation.Build;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** The start of an evaluation. Its report names it together with everything else that the figures depend on. */
record EvaluationClock(Instant started) {
    private static final double MILLIS_PER_SECOND = 1_000;

    static EvaluationClock start() {
        return new EvaluationClock(Instant.now());
    }

    /** The run of a protocol with a recognition network. */
    EvaluationRun run(
            String protocol,
            EvaluationNetworks networks,
            EvaluationRun.Model baseline,
            EvaluationOptions options,
            Map<String, Object> ofProtocol,
            EvaluationData data) {
        return run(
                protocol,
                EvaluationRun.Model.of(networks.version()),
                baseline,
                networks.detector(),
                options,
                ofProtocol,
                data);
    }

    /** The run of a protocol without a recognition network. */
    EvaluationRun run(
            String protocol,
            EvaluationRun.Detector detector,
            EvaluationOptions options,
            Map<String, Object> ofProtocol,
            EvaluationData data) {
        return run(protocol, null, null, detector, options, ofProtocol, data);
    }

    private EvaluationRun run(
            String protocol,
            EvaluationRun.Model model,
            EvaluationRun.Model baseline,
            EvaluationRun.Detector detector,
            EvaluationOptions options,
            Map<String, Object> ofProtocol,
            EvaluationData data) {
        return new EvaluationRun(
                protocol,
                started.truncatedTo(ChronoUnit.SECONDS).toString(),
                Duration.between(started, Instant.now()).toMillis() / MILLIS_PER_SECOND,
                model,
                baseline,
                detector,
                model == null ? null : options.farCamera().orElse(null),
                options.seed(),
                ofProtocol,
                data,
                Build.current());
    }
}
