package io.facestream.evaluation.quality;

import io.facestream.embeddings.Embedding;
import io.facestream.gallery.Neighbour;
import io.facestream.identities.DecisionRule;
import io.facestream.identities.Identification;
import io.facestream.models.ModelVersion;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.Hardship;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Searches for enrolled people with photos of every {@link Hardship}. Of each person the first photos are enrolled as
 * they are, up to {@value #MOST_ENROLLED} but not the last, and up to {@value #MOST_PROBES} further ones are searched
 * for. A face counts as told right if it is named as its person, at the threshold for a gallery of all people and an
 * FPIR of 0.5 %, however poor the view.
 */
public final class QualitySearches {
    /** Of a person who takes part. */
    public static final int LEAST_PHOTOS = 3;

    private static final int MOST_ENROLLED = 3;
    private static final int MOST_PROBES = 2;
    private static final double TARGET_FPIR = 0.005;

    private final ModelVersion version;
    private final List<Template> gallery = new ArrayList<>();
    private final Map<String, Integer> personOf = new TreeMap<>();
    private final List<JudgedFace> faces = new ArrayList<>();
    private final Map<Hardship, Integer> undetected = new EnumMap<>(Hardship.class);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Template(int person, float[] vector, int samples) {}

    /** The photos of people with at least {@link #LEAST_PHOTOS}, by what they are for. */
    public record Photos(List<Photo> enrolled, List<Photo> probes) {
        public static Photos of(List<Photo> photos) {
            List<Photo> enrolled = new ArrayList<>();
            List<Photo> probes = new ArrayList<>();
            photos.stream()
                    .collect(Collectors.groupingBy(Photo::name, TreeMap::new, Collectors.toList()))
                    .values()
                    .stream()
                    .filter(theirs -> theirs.size() >= LEAST_PHOTOS)
                    .forEach(theirs -> {
                        int first = Math.min(MOST_ENROLLED, theirs.size() - 1);
                        enrolled.addAll(theirs.subList(0, first));
                        probes.addAll(theirs.subList(first, Math.min(theirs.size(), first + MOST_PROBES)));
                    });
            return new Photos(enrolled, probes);
        }
    }

    /** @param enrolled clear photos */
    public QualitySearches(ModelVersion version, List<EmbeddedPhoto> enrolled) {
        this.version = version;
        enrolled.stream()
                .filter(EmbeddedPhoto::detected)
                .collect(Collectors.groupingBy(photo -> photo.photo().name(), TreeMap::new, Collectors.toList()))
                .forEach((name, photos) -> {
                    List<Embedding> samples =
                            photos.stream().map(EmbeddedPhoto::sample).toList();
                    personOf.put(name, gallery.size());
                    gallery.add(
                            new Template(gallery.size(), Embedding.mean(samples).vector(), samples.size()));
                });
    }

    /** Searches for photos of one hardship. */
    public void search(Hardship hardship, List<EmbeddedPhoto> probes) {
        DecisionRule rule = new DecisionRule(
                (float) version.calibration()
                        .threshold(gallery.size(), TARGET_FPIR)
                        .orElse(version.threshold()),
                version.separation(),
                version.calibration().averaging());
        undetected.put(hardship, (int)
                probes.stream().filter(photo -> !photo.detected()).count());
        faces.addAll(probes.parallelStream()
                .filter(photo ->
                        photo.detected() && personOf.containsKey(photo.photo().name()))
                .map(photo -> judged(photo, hardship, rule))
                .toList());
    }

    private JudgedFace judged(EmbeddedPhoto photo, Hardship hardship, DecisionRule rule) {
        int person = personOf.get(photo.photo().name());
        boolean right = rule.decide(nearest(photo.probe().vector())) instanceof Identification.Known known
                && known.match().identityId().equals(new UUID(0, person));
        return new JudgedFace(person, hardship, photo.quality(), photo.face().confidence(), right);
    }

    /** The two nearest people. */
    private List<Neighbour> nearest(float[] probe) {
        return gallery.stream()
                .map(template -> new Neighbour(
                        new UUID(0, template.person),
                        null,
                        PhotoSet.distance(probe, template.vector),
                        template.samples))
                .sorted(Comparator.comparing(Neighbour::distance))
                .limit(2)
                .toList();
    }

    int people() {
        return gallery.size();
    }

    List<JudgedFace> faces() {
        return List.copyOf(faces);
    }

    int undetected(Hardship hardship) {
        return undetected.getOrDefault(hardship, 0);
    }
}
