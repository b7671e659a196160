package io.facestream.web.people;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Somebody in the gallery.
 *
 * @param formerNames those that the person had before, and those of people who were merged into this one
 * @param ignored whether nobody is alerted about them
 * @param face the photo that stands for the person; null if there is none
 * @param lastCamera where they were seen last; null if they never were
 * @param lastSeen when that visit began; null if they were never seen
 */
public record Person(
        UUID id,
        String name,
        int photos,
        List<String> tags,
        List<String> formerNames,
        boolean ignored,
        UUID face,
        String lastCamera,
        Instant lastSeen) {
    public Person {
        tags = List.copyOf(tags);
        formerNames = List.copyOf(formerNames);
    }

    /**
     * A photo of a person.
     *
     * @param enrolled whether it counts when faces are compared
     * @param quality null where it was not measured
     */
    public record Photo(UUID id, boolean enrolled, Instant since, PhotoQuality quality) {}

    /**
     * How good a view of the face it is, rounded; {@code schemas/face.json} says what is good.
     *
     * @param size the shorter side of the face, in pixels of the photo
     * @param sharpness variance of the Laplacian, 0 to about 10,000
     * @param norm length of the embedding
     */
    public record PhotoQuality(long size, long sharpness, long norm) {}

    /**
     * Somebody who looks like a person.
     *
     * @param distance of the two templates, 0 to 2
     */
    public record Alike(UUID id, String name, double distance, UUID face) {}

    /**
     * People of a page, by name.
     *
     * @param next the name after which the next page begins; null if this is the last one
     */
    public record Listing(List<Person> people, String text, String tag, String next) {
        public Listing {
            people = List.copyOf(people);
        }

        /** Whether anybody is left out. */
        public boolean isNarrow() {
            return !(text + tag).isEmpty();
        }
    }
}
