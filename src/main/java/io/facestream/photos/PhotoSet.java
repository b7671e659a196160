package io.facestream.photos;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Embedded photos, and whose they are. */
public final class PhotoSet {
    /** What a 16-bit index can tell apart. */
    public static final int MAX_PEOPLE = 65_536;

    private final List<EmbeddedPhoto> photos;
    private final int[] person;
    private final List<String> people;

    /** @throws IllegalArgumentException if they are of too many people to compare all with all */
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

    /** Index of the person whom a photo shows, 0 to {@link #people()}. */
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

    /** How many there were if each person were there so many times. */
    public double undetected(int[] weights) {
        return IntStream.range(0, person.length)
                .filter(i -> !photos.get(i).detected())
                .mapToDouble(i -> weights[person[i]])
                .sum();
    }

    /** The probes' unit vectors by photo; null where no face was found. */
    public float[][] probes() {
        return photos.stream()
                .map(photo -> photo.detected() ? photo.probe().vector() : null)
                .toArray(float[][]::new);
    }

    /** The unit vectors that enrolment makes of the photos; null where no face was found. */
    public float[][] samples() {
        return photos.stream()
                .map(photo -> photo.detected() ? photo.sample().vector() : null)
                .toArray(float[][]::new);
    }

    /** L2 of unit vectors, 0 to 2. */
    public static float distance(float[] first, float[] second) {
        float dot = 0;
        for (int i = 0; i < first.length; i++) {
            dot += first[i] * second[i];
        }
        return (float) Math.sqrt(Math.max(0, 2 - 2 * dot));
    }
}
