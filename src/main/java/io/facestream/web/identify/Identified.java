package io.facestream.web.identify;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.facestream.faces.StageMillis;
import io.facestream.identities.IdentityEvent.BoxRatios;
import io.facestream.identities.IdentityEvent.EventFace;
import io.facestream.identities.IdentityEvent.Judgement;
import io.facestream.identities.IdentityEvent.Size;
import io.facestream.identities.Matcher;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who is in a picture. Fields have the names and the meaning that they have in identity events.
 *
 * @param frameSize of the upright picture, to which the boxes refer
 * @param damaged true if parts of the picture were lost and filled in by a decoder; else absent
 * @param modelVersion the network that embedded the faces
 * @param galleryRevision of the gallery that was searched; absent if there is no face
 * @param millis spent on the picture; a face's share is not told apart
 * @param faces most confident first; none if none was found
 */
public record Identified(
        Size frameSize,
        Boolean damaged,
        String modelVersion,
        Long galleryRevision,
        StageMillis millis,
        List<IdentifiedFace> faces) {

    /** A face, with who it is. In JSON the fields of {@code judgement} are fields of the face's own object. */
    public record IdentifiedFace(EventFace face, @JsonUnwrapped Judgement judgement) {}

    static Identified of(Seen seen, List<Matcher.Match> matches, float matchingMillis) {
        return new Identified(
                new Size(seen.width(), seen.height()),
                seen.damaged() ? true : null,
                seen.version().version(),
                matches.isEmpty() ? null : matches.get(0).galleryRevision(),
                new StageMillis(seen.detectionMillis(), seen.embeddingMillis(), matchingMillis),
                IntStream.range(0, matches.size())
                        .mapToObj(i -> new IdentifiedFace(face(seen, i), Judgement.of(matches.get(i))))
                        .toList());
    }

    private static EventFace face(Seen seen, int index) {
        SeenFace face = seen.faces().get(index);
        return new EventFace(
                index,
                face.face().box(),
                BoxRatios.of(face.face().box(), seen.width(), seen.height()),
                face.face().confidence(),
                face.face().landmarks(),
                face.quality());
    }
}
