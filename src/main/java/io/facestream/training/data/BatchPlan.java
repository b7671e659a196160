package io.facestream.training.data;

import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.TrainingSet.Person;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Chooses the people and photos of an epoch's batches: people x photos, each person at most once in a batch. Everyone
 * comes once in an epoch. A person with more photos than a batch takes comes again, up to {@value #MOST_TURNS} times in
 * all. An epoch is drawn only from the seed and its number, so it need not be stored.
 */
public final class BatchPlan {
    /** Without a limit, a few people with hundreds of photos would fill most batches. */
    static final int MOST_TURNS = 4;

    private final TrainingSettings settings;
    private final List<Person> people;
    private final int turns;

    public BatchPlan(TrainingSettings settings, TrainingSet set) {
        this.settings = settings;
        people = set.training();
        turns = people.stream().mapToInt(this::turns).sum();
    }

    /**
     * A photo in a batch.
     *
     * @param person index of the person it shows
     * @param chip index in the store
     * @param far whether it is degraded
     * @param seed seed of its augmentation
     */
    public record Slot(int person, int chip, boolean far, long seed) {}

    private int turns(Person person) {
        int photos = person.chips().size();
        return Math.min(MOST_TURNS, (photos + settings.photos() - 1) / settings.photos());
    }

    private int peoplePerBatch() {
        return Math.min(settings.people(), people.size());
    }

    /** The number of batches in an epoch. The last batch is filled up with people drawn at random. */
    public int batches() {
        return (turns + peoplePerBatch() - 1) / peoplePerBatch();
    }

    /** @param number of the epoch, from 1 */
    public List<List<Slot>> epoch(int number) {
        Random random = new Random(settings.seed() * 1_000_003 + number);
        Deque<Integer> waiting = order(random);
        List<List<Slot>> batches = new ArrayList<>();
        for (int i = 0; i < batches(); i++) {
            List<Slot> batch = new ArrayList<>();
            for (int person : nextPeople(waiting, random)) {
                addPhotos(batch, person, random);
            }
            batches.add(batch);
        }
        return batches;
    }

    /** Everyone in random order, then everyone with a second turn, and so on. */
    private Deque<Integer> order(Random random) {
        Deque<Integer> order = new ArrayDeque<>();
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            int round = turn;
            List<Integer> inRound = new ArrayList<>(IntStream.range(0, people.size())
                    .filter(person -> turns(people.get(person)) > round)
                    .boxed()
                    .toList());
            Collections.shuffle(inRound, random);
            order.addAll(inRound);
        }
        return order;
    }

    private Set<Integer> nextPeople(Deque<Integer> waiting, Random random) {
        Set<Integer> batch = new HashSet<>();
        for (Iterator<Integer> next = waiting.iterator(); batch.size() < peoplePerBatch() && next.hasNext(); ) {
            if (batch.add(next.next())) {
                next.remove();
            }
        }
        while (batch.size() < peoplePerBatch()) {
            batch.add(random.nextInt(people.size()));
        }
        return batch;
    }

    /** Whether a person's photo is degraded: every second one, or all. */
    private boolean isFar(int photo) {
        return switch (settings.augmentation()) {
            case NONE, SEED -> false;
            case FAR_CAMERA -> photo % 2 == 1;
            case FAR_ONLY -> true;
        };
    }

    /** Adds as many different photos as there are, then the same ones again. */
    private void addPhotos(List<Slot> batch, int person, Random random) {
        List<Integer> chips = new ArrayList<>(people.get(person).chips());
        Collections.shuffle(chips, random);
        List<Boolean> far = new ArrayList<>(
                IntStream.range(0, settings.photos()).mapToObj(this::isFar).toList());
        Collections.shuffle(far, random);
        for (int i = 0; i < settings.photos(); i++) {
            batch.add(new Slot(person, chips.get(i % chips.size()), far.get(i), random.nextLong()));
        }
    }
}
