package io.facestream.training;

import io.facestream.calibration.AllPairs;
import io.facestream.training.commands.Augmentation;
import io.facestream.training.commands.EpochReport.HeldBack;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.BatchLoader;
import io.facestream.training.data.BatchPlan.Slot;
import io.facestream.training.data.ClearEmbeddings;
import io.facestream.training.data.TrainingSet.Person;
import io.facestream.training.network.TrainingGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Photos of people who are not trained on, by which an epoch is measured. The same ones in each. */
final class HeldBackPhotos {
    /** A person's first ones: a few are enough, and people with hundreds would take most of the time. */
    private static final int MOST_OF_ONE = 10;

    /** Measuring is to take a small part of an epoch's time. */
    private static final int MOST = 500;

    private static final int BATCH = 16;
    private static final double FALSE_ACCEPT_RATE = 1e-2;

    private final List<Slot> clean = new ArrayList<>();
    private final List<Slot> augmented = new ArrayList<>();
    private final int[] people;
    private final Augmentation augmentation;

    HeldBackPhotos(TrainingSettings settings, List<Person> heldBack) {
        Random random = new Random(settings.seed());
        augmentation = settings.augmentation();
        boolean far = settings.augmentation().degrades();
        for (int person = 0; person < heldBack.size() && clean.size() < MOST; person++) {
            List<Integer> chips = heldBack.get(person).chips();
            for (int chip : chips.subList(0, Math.min(MOST_OF_ONE, chips.size()))) {
                clean.add(new Slot(person, chip, false, 0));
                augmented.add(new Slot(person, chip, far, random.nextLong()));
            }
        }
        people = clean.stream().mapToInt(Slot::person).toArray();
    }

    /** @param base which clear photos go through if the graph is for far ones only */
    HeldBack measure(TrainingGraph graph, BatchLoader plain, BatchLoader augmenting, Optional<ClearEmbeddings> base)
            throws IOException {
        double asTheyAre = tar(
                augmentation == Augmentation.FAR_ONLY
                        ? base.orElseThrow().of(clean.stream().map(Slot::chip).toList())
                        : embed(clean, graph, plain));
        return new HeldBack(
                asTheyAre, augmentation == Augmentation.NONE ? asTheyAre : tar(embed(augmented, graph, augmenting)));
    }

    private double tar(float[][] unitVectors) {
        return new AllPairs(unitVectors, people).tarOverPeople(FALSE_ACCEPT_RATE);
    }

    /** The unit vectors of photos, in their order. */
    static float[][] embed(List<Slot> slots, TrainingGraph graph, BatchLoader loader) throws IOException {
        float[][] unitVectors = new float[slots.size()][];
        for (int start = 0; start < unitVectors.length; start += BATCH) {
            List<Slot> batch = slots.subList(start, Math.min(start + BATCH, unitVectors.length));
            float[][] rows = graph.embed(loader.load(batch).pixels(), batch.size());
            System.arraycopy(rows, 0, unitVectors, start, rows.length);
        }
        return unitVectors;
    }
}
