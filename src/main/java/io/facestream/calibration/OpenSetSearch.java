package io.facestream.calibration;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Quality;
import io.facestream.gallery.Neighbour;
import io.facestream.identities.Decider;
import io.facestream.identities.DecisionRule;
import io.facestream.identities.Identification;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One drawing of an open-set identification. It enrols a number of photos of each person, as the mean of their
 * embeddings, and searches for all their other photos and for all photos of strangers.
 */
public final class OpenSetSearch {
    /**
     * The result of a search among the first people of the gallery.
     *
     * @param photo searched for
     * @param group index of its person or stranger; people come before strangers
     * @param nearest distance of the nearest template; NaN if no face was found, infinite if nobody is enrolled
     * @param runnerUp distance of the next one; infinite if there is none
     * @param nearestPerson person with the nearest template; -1 if there is none
     * @param runnerUpPerson person with the next template; -1 if there is none
     * @param samples photos that the nearest template averages
     */
    public record Search(
            EmbeddedPhoto photo,
            int group,
            float nearest,
            float runnerUp,
            int nearestPerson,
            int runnerUpPerson,
            int samples) {
        String label() {
            return photo.photo().label();
        }

        /** Null if no face was found. */
        public Quality quality() {
            return photo.quality();
        }

        public boolean right() {
            return nearestPerson == group;
        }

        public Identification decision(Decider decider) {
            return detected() ? decider.decide(quality(), neighbours()) : new Identification.Unknown(null);
        }

        public Identification decision(DecisionRule rule) {
            return detected() ? rule.decide(neighbours()) : new Identification.Unknown(null);
        }

        private List<Neighbour> neighbours() {
            // The rule asks only for the distance of the runner-up.
            return Stream.of(neighbour(nearestPerson, nearest, samples), neighbour(runnerUpPerson, runnerUp, 1))
                    .flatMap(Optional::stream)
                    .toList();
        }

        private static Optional<Neighbour> neighbour(int person, float distance, int samples) {
            return person < 0
                    ? Optional.empty()
                    : Optional.of(new Neighbour(new UUID(0, person), Integer.toString(person), distance, samples));
        }

        public boolean detected() {
            return photo.detected();
        }
    }

    private final PhotoSet people;
    private final PhotoSet strangers;
    private final int[] order;
    private final float[][] templates;

    /** Photos with a face among those enrolled, by person. */
    private final int[] samples;

    private final List<List<Integer>> enrolled = new ArrayList<>();
    private final List<Integer> probes;

    /**
     * @param people each with more than {@code enrol} photos
     * @param enrol number of photos to enrol of each
     */
    public OpenSetSearch(PhotoSet people, PhotoSet strangers, int enrol, Random random) {
        this.people = people;
        this.strangers = strangers;
        List<List<Integer>> photosOf = new ArrayList<>();
        IntStream.range(0, people.people()).forEach(person -> photosOf.add(new ArrayList<>()));
        IntStream.range(0, people.size())
                .forEach(photo -> photosOf.get(people.person(photo)).add(photo));
        this.templates = new float[people.people()][];
        this.samples = new int[people.people()];
        this.probes = new ArrayList<>();
        for (int person = 0; person < templates.length; person++) {
            List<Integer> photos = photosOf.get(person);
            Collections.shuffle(photos, random);
            enrolled.add(List.copyOf(photos.subList(0, enrol)));
            List<Embedding> faces = faces(enrolled.get(person));
            samples[person] = faces.size();
            templates[person] = faces.isEmpty() ? null : Embedding.mean(faces).vector();
            probes.addAll(photos.subList(enrol, photos.size()));
        }
        List<Integer> shuffled = new ArrayList<>();
        IntStream.range(0, templates.length).forEach(shuffled::add);
        Collections.shuffle(shuffled, random);
        this.order = shuffled.stream().mapToInt(Integer::intValue).toArray();
    }

    private List<Embedding> faces(List<Integer> photos) {
        return photos.stream()
                .map(photo -> people.photos().get(photo))
                .filter(EmbeddedPhoto::detected)
                .map(EmbeddedPhoto::sample)
                .toList();
    }

    /** The number of templates in a gallery of the first {@code gallerySize} people. */
    public int templates(int gallerySize) {
        return (int) Arrays.stream(order, 0, gallerySize)
                .filter(person -> templates[person] != null)
                .count();
    }

    /** The searches for people who are among the first {@code gallerySize}. */
    public List<Search> mated(int gallerySize) {
        boolean[] enrolled = new boolean[templates.length];
        Arrays.stream(order, 0, gallerySize).forEach(person -> enrolled[person] = true);
        return probes.parallelStream()
                .filter(photo -> enrolled[people.person(photo)])
                .map(photo -> search(people, photo, people.person(photo), gallerySize))
                .toList();
    }

    /** The searches for strangers. */
    public List<Search> nonMated(int gallerySize) {
        return IntStream.range(0, strangers.size())
                .parallel()
                .mapToObj(photo -> search(strangers, photo, people.people() + strangers.person(photo), gallerySize))
                .toList();
    }

    private Search search(PhotoSet set, int photo, int group, int gallerySize) {
        EmbeddedPhoto embedded = set.photos().get(photo);
        if (!embedded.detected()) {
            return new Search(embedded, group, Float.NaN, Float.POSITIVE_INFINITY, -1, -1, 1);
        }
        float[] probe = embedded.probe().vector();
        float nearest = Float.POSITIVE_INFINITY;
        float runnerUp = Float.POSITIVE_INFINITY;
        int nearestPerson = -1;
        int runnerUpPerson = -1;
        for (int i = 0; i < gallerySize; i++) {
            float[] template = templates[order[i]];
            if (template == null) {
                continue;
            }
            float distance = PhotoSet.distance(probe, template);
            if (distance < nearest) {
                runnerUp = nearest;
                runnerUpPerson = nearestPerson;
                nearest = distance;
                nearestPerson = order[i];
            } else if (distance < runnerUp) {
                runnerUp = distance;
                runnerUpPerson = order[i];
            }
        }
        return new Search(
                embedded,
                group,
                nearest,
                runnerUp,
                nearestPerson,
                runnerUpPerson,
                nearestPerson < 0 ? 1 : samples[nearestPerson]);
    }

    /**
     * The enrolled photo of a person that is nearest to the one searched for. It is one without a face only if no
     * enrolled photo has a face.
     */
    EmbeddedPhoto nearestEnrolled(Search search, int person) {
        float[] probe = search.photo().probe().vector();
        return enrolled.get(person).stream()
                .map(photo -> people.photos().get(photo))
                .min(Comparator.comparingDouble(photo -> photo.detected()
                        ? PhotoSet.distance(probe, photo.sample().vector())
                        : Double.POSITIVE_INFINITY))
                .orElseThrow();
    }

    /** The distance from the photo searched for to a person's template; NaN if there is none. */
    float distance(Search search, int person) {
        return templates[person] == null
                ? Float.NaN
                : PhotoSet.distance(search.photo().probe().vector(), templates[person]);
    }
}
