package io.facestream.web.compreface;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** What a request says about the faces that it wants. */
public final class ChoiceParameters {
    @QueryParam("limit")
    @DefaultValue("0")
    @Parameter(description = "Most faces, the largest first; 0 for all")
    int limit;

    @QueryParam("det_prob_threshold")
    @DefaultValue("0")
    @Parameter(description = "Least confidence that a face is one, 0 to 1")
    double leastConfidence;

    @QueryParam("prediction_count")
    @DefaultValue("1")
    @Parameter(description = "Most subjects per face, 1 to 1000; of recognition")
    int predictions;

    @QueryParam("face_plugins")
    @DefaultValue("")
    @Parameter(description = "With commas between them; `landmarks` is known, others are ignored")
    String plugins;

    /** @throws io.facestream.web.ProblemException if a value is not allowed */
    Choice choice() {
        return Choice.of(limit, leastConfidence, predictions, plugins);
    }
}
