package io.facestream.web.compreface;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.facestream.faces.Box;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.identities.Candidate;
import io.facestream.identities.Identification;
import io.facestream.identities.Matcher;
import io.facestream.web.identify.SeenFace;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A face of an answer.
 *
 * @param landmarks pairs of x and y: the eye and later the corner of the mouth that are further left in the picture
 *     come before the others, the nose between them; only if they were asked for
 * @param subjects who it is, most similar first; empty if nobody is near enough; only of recognition
 * @param similarity to the other face; only of verification, as are the next two
 */
record ComprefaceFace(
        FaceBox box,
        List<List<Integer>> landmarks,
        List<Subject> subjects,
        Double similarity,
        Float distance,
        Float threshold) {

    /** Whole pixels of the upright picture. */
    record FaceBox(
            float probability,
            @JsonProperty("x_max") int xMax,
            @JsonProperty("y_max") int yMax,
            @JsonProperty("x_min") int xMin,
            @JsonProperty("y_min") int yMin) {
        static FaceBox of(SeenFace face) {
            Box box = face.face().box();
            return new FaceBox(
                    face.face().confidence(),
                    Math.round(box.x() + box.width()),
                    Math.round(box.y() + box.height()),
                    Math.round(box.x()),
                    Math.round(box.y()));
        }
    }

    /**
     * A person.
     *
     * @param similarity 1 at distance 0, 0.5 at the threshold
     */
    @Schema(name = "ComprefaceSubject")
    record Subject(String subject, double similarity, float distance, float threshold) {
        static Subject of(Candidate candidate, float threshold) {
            return new Subject(
                    candidate.name(),
                    ComprefaceFace.similarity(candidate.distance(), threshold),
                    candidate.distance(),
                    threshold);
        }
    }

    /** From 1 at distance 0, by 0.5 at the threshold, down to 0 at twice the threshold. */
    static double similarity(double distance, double threshold) {
        return threshold > 0 ? Math.max(0, 1 - distance / (2 * threshold)) : 0;
    }

    static ComprefaceFace detected(SeenFace face, Choice choice) {
        return new ComprefaceFace(FaceBox.of(face), landmarks(face, choice), null, null, null, null);
    }

    /** Only a face that is KNOWN has subjects: the person, and who else is within the threshold. */
    static ComprefaceFace recognised(SeenFace face, Matcher.Match match, Choice choice) {
        float threshold = match.rule().threshold();
        List<Subject> subjects = match.identification() instanceof Identification.Known
                ? match.candidates().stream()
                        .filter(candidate -> candidate.distance() <= threshold)
                        .limit(choice.predictions())
                        .map(candidate -> Subject.of(candidate, threshold))
                        .toList()
                : List.of();
        return new ComprefaceFace(FaceBox.of(face), landmarks(face, choice), subjects, null, null, null);
    }

    static ComprefaceFace verified(SeenFace face, float distance, float threshold, Choice choice) {
        return new ComprefaceFace(
                FaceBox.of(face), landmarks(face, choice), null, similarity(distance, threshold), distance, threshold);
    }

    private static List<List<Integer>> landmarks(SeenFace face, Choice choice) {
        Landmarks found = face.face().landmarks();
        return choice.wantsLandmarks()
                ? Stream.of(found.rightEye(), found.leftEye(), found.nose(), found.rightMouth(), found.leftMouth())
                        .map(ComprefaceFace::pair)
                        .toList()
                : null;
    }

    private static List<Integer> pair(Point point) {
        return List.of(Math.round(point.x()), Math.round(point.y()));
    }
}
