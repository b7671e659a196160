package io.facestream.evaluation.promises;

import io.facestream.calibration.CalibrationFit;
import io.facestream.embeddings.Embedding;
import io.facestream.gallery.Neighbour;
import io.facestream.identities.DecisionRule;
import io.facestream.identities.Identification;
import io.facestream.models.Calibration;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A third of the people, judged by a calibration that was fitted on the other two thirds. */
final class Third {
    private static final float NOBODY = Float.POSITIVE_INFINITY;

    private final List<List<EmbeddedPhoto>> photosOf;
    private final int[] people;
    private final Calibration calibration;
    private final float separation;
    private final Random random;

    /**
     * @param photosOf photos with a face by person, of everybody
     * @param counted whether a person is of this third
     * @param random draws photos and galleries
     */
    Third(List<List<EmbeddedPhoto>> photosOf, IntPredicate counted, float separation, Random random) {
        this.photosOf = photosOf;
        this.people = IntStream.range(0, photosOf.size()).filter(counted).toArray();
        this.calibration = CalibrationFit.falseMatches(IntStream.range(0, photosOf.size())
                .filter(counted.negate())
                .mapToObj(photosOf::get)
                .flatMap(List::stream)
                .toList());
        this.separation = separation;
        this.random = random;
    }

    /** A template, and how many photos it is the mean of. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Template(int person, float[] vector, int samples) {}

    private Template template(int person, int samples) {
        List<EmbeddedPhoto> photos = new ArrayList<>(photosOf.get(person));
        Collections.shuffle(photos, random);
        return mean(person, photos.subList(0, Math.min(samples, photos.size())));
    }

    private static Template mean(int person, List<EmbeddedPhoto> photos) {
        Embedding mean =
                Embedding.mean(photos.stream().map(EmbeddedPhoto::sample).toList());
        return new Template(person, mean.vector(), photos.size());
    }

    private int[] withPhotos(int least) {
        return Arrays.stream(people)
                .filter(person -> photosOf.get(person).size() >= least)
                .toArray();
    }

    private DecisionRule rule(int templates, double fpir) {
        return new DecisionRule(
                (float) calibration.threshold(templates, fpir).orElseThrow(), separation, calibration.averaging());
    }

    /**
     * Counts who of this third matches templates of {@code samples} photos of others of it.
     *
     * @param least number of photos of those who have a template, at least {@code samples}
     * @param tallies by promised rate
     */
    void countMatches(int samples, int least, double[] promised, MatchTally[] tallies) {
        int[] photos = new int[photosOf.size()];
        for (int person : people) {
            photos[person] = photosOf.get(person).size();
        }
        int[] enrolled = withPhotos(least);
        for (MatchTally tally : tallies) {
            tally.begin(photos, enrolled);
        }
        // A gallery of one template has as many false positives as false matches.
        double[] thresholds = Arrays.stream(promised)
                .map(rate -> rule(1, rate).of(samples).threshold())
                .toArray();
        for (int enrolledPerson : enrolled) {
            Template template = template(enrolledPerson, samples);
            forEachProbe((person, probe) -> {
                if (person != enrolledPerson) {
                    float distance = PhotoSet.distance(probe, template.vector());
                    for (int i = 0; i < thresholds.length; i++) {
                        if (distance <= thresholds[i]) {
                            tallies[i].add(person, enrolledPerson);
                        }
                    }
                }
            });
        }
    }

    private interface Probes {
        void accept(int person, float[] probe);
    }

    private void forEachProbe(Probes probes) {
        for (int person : people) {
            photosOf.get(person)
                    .forEach(photo -> probes.accept(person, photo.probe().vector()));
        }
    }

    /**
     * Searches for everybody of this third in a gallery of others of it.
     *
     * @param samples photos of each enrolled person, who has so many, or as many as there are
     * @param size of the gallery
     * @param least number of photos of whoever may be enrolled
     */
    void countFalsePositives(int samples, int size, int least, double target, SearchTally tally) {
        List<Integer> order =
                new ArrayList<>(Arrays.stream(withPhotos(least)).boxed().toList());
        // One more than the gallery, for searches for somebody who is among them.
        if (order.size() <= size) {
            return;
        }
        Collections.shuffle(order, random);
        List<Template> gallery = order.subList(0, size + 1).stream()
                .map(person -> template(person, samples))
                .toList();
        DecisionRule rule = rule(size, target);
        forEachProbe((person, probe) -> {
            boolean among = gallery.stream().anyMatch(template -> template.person() == person);
            List<Template> others = among
                    ? gallery.stream()
                            .filter(template -> template.person() != person)
                            .toList()
                    : gallery.subList(0, size);
            tally.add(person, rule.decide(nearest(others, probe)) instanceof Identification.Known);
        });
    }

    /** Searches for the other photos of people with {@code samples} enrolled, in a gallery of all with more. */
    void countMisses(int samples, int least, double target, SearchTally tally) {
        int[] enrolled = withPhotos(least);
        if (enrolled.length < 2) {
            return;
        }
        DecisionRule rule = rule(enrolled.length, target);
        List<Template> gallery = new ArrayList<>();
        List<List<EmbeddedPhoto>> others = new ArrayList<>();
        for (int person : enrolled) {
            List<EmbeddedPhoto> photos = new ArrayList<>(photosOf.get(person));
            Collections.shuffle(photos, random);
            gallery.add(mean(person, photos.subList(0, samples)));
            others.add(photos.subList(samples, photos.size()));
        }
        for (int i = 0; i < enrolled.length; i++) {
            UUID right = new UUID(0, enrolled[i]);
            for (EmbeddedPhoto photo : others.get(i)) {
                boolean named =
                        rule.decide(nearest(gallery, photo.probe().vector())) instanceof Identification.Known known
                                && known.match().identityId().equals(right);
                tally.add(enrolled[i], !named);
            }
        }
    }

    private static List<Neighbour> nearest(List<Template> gallery, float[] probe) {
        Template first = null;
        Template second = null;
        float nearest = NOBODY;
        float next = NOBODY;
        for (Template template : gallery) {
            float distance = PhotoSet.distance(probe, template.vector());
            if (distance < nearest) {
                second = first;
                next = nearest;
                first = template;
                nearest = distance;
            } else if (distance < next) {
                second = template;
                next = distance;
            }
        }
        return second == null
                ? List.of(neighbour(first, nearest))
                : List.of(neighbour(first, nearest), neighbour(second, next));
    }

    private static Neighbour neighbour(Template template, float distance) {
        return new Neighbour(new UUID(0, template.person()), null, distance, template.samples());
    }
}
