package io.facestream.photos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Embedded photos, and the person each shows. */
public final class PhotoSet {
    /** As many as a 16-bit index can number. */
    public static final int MAX_PEOPLE = 65_536;

    private final List<EmbeddedPhoto> photos;
    private final int[] person;
    private final List<String> people;

    /** @throws IllegalArgumentException if they show too many people to compare all with all */
    public PhotoSet(List<EmbeddedPhoto> photos) {
        Map<String, Integer> index = new LinkedHashMap<>();
        this.photos = List.copyOf(photos);
        this.person = photos.stream()
                .mapToInt(photo -> {
                    String name = photo.photo().name();
                    Integer known = index.get(name);
                    if (known == null) {
                        known = index.size();
                        index.put(name, known);
                    }
                    return known;
                })
                .toArray();
        this.people = List.copyOf(index.keySet());
        if (people.size() > MAX_PEOPLE) {
            throw new IllegalArgumentException("photos of at most " + MAX_PEOPLE + " people, not " + people.size());
        }
    }

    public List<EmbeddedPhoto> photos() {
        return photos;
    }

    public int size() {
        return photos.size();
    }

    public int people() {
        return people.size();
    }

    /** A person's name. */
    public String name(int index) {
        return people.get(index);
    }

    /** Index of the person whom a photo shows, from 0 to below {@link #people()}. */
    public int person(int photo) {
        return person[photo];
    }

    /** {@link #person} of every photo. */
    public int[] persons() {
        return person.clone();
    }

    public int undetected() {
        return (int) photos.stream().filter(photo -> !photo.detected()).count();
    }

    /** How many there would be if each person occurred {@code weights[person]} times. */
    public double undetected(int[] weights) {
        return IntStream.range(0, person.length)
                .filter(i -> !photos.get(i).detected())
                .mapToDouble(i -> weights[person[i]])
                .sum();
    }

    /** The probes' unit vectors by photo; null if no face was found. */
    public float[][] probes() {
        return photos.stream()
                .map(photo -> photo.detected() ? photo.probe().vector() : null)
                .toArray(float[][]::new);
    }

    /** The unit vectors that enrolment computes for the photos; null if no face was found. */
    public float[][] samples() {
        return photos.stream()
                .map(photo -> photo.detected() ? photo.sample().vector() : null)
                .toArray(float[][]::new);
    }

    /** L2 distance of unit vectors, 0 to 2. */
    public static float distance(float[] first, float[] second) {
        float dot = 0;
        for (int i = 0; i < first.length; i++) {
            dot += first[i] * second[i];
        }
        return (float) Math.sqrt(Math.max(0, 2 - 2 * dot));
    }
}
