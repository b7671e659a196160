package io.facestream.training.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The people whose photos are trained on, and those held back to measure what was learnt. The photos are chips of a
 * {@link ChipStore}.
 *
 * @param training at least two people
 * @param validation other people, with at least two photos each; empty to measure nothing
 */
public record TrainingSet(List<Person> training, List<Person> validation) {
    /**
     * @param name unique in the set
     * @param chips indexes in the store, at least one
     */
    public record Person(String name, List<Integer> chips) {
        public Person {
            chips = List.copyOf(chips);
            if (chips.isEmpty()) {
                throw new IllegalArgumentException("no photos of " + name);
            }
        }
    }

    public TrainingSet {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
        if (training.size() < 2) {
            throw new IllegalArgumentException(
                    "triplets need photos of at least two people to train on, not " + training.size());
        }
        Set<String> names = new HashSet<>();
        for (Person person : training) {
            requireNew(names, person);
        }
        for (Person person : validation) {
            requireNew(names, person);
            if (person.chips().size() < 2) {
                throw new IllegalArgumentException("two photos are needed to measure, not one of " + person.name());
            }
        }
    }

    private static void requireNew(Set<String> names, Person person) {
        if (!names.add(person.name())) {
            throw new IllegalArgumentException(person.name() + " is in the training set twice");
        }
    }

    /** How many photos are trained on. */
    public int photos() {
        return training.stream().mapToInt(person -> person.chips().size()).sum();
    }
}
