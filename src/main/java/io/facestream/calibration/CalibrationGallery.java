package io.facestream.calibration;

import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A gallery to search, to learn what distances mean: it has a number of photos of each person who has enough of them.
 */
enum CalibrationGallery {
    THREE_OF_FIVE(3, 5),
    ONE_OF_TWO(1, 2),
    EIGHT_OF_NINE(8, 9);

    private static final int DRAWINGS = 4;

    private final int enrol;
    private final int minPhotos;

    CalibrationGallery(int enrol, int minPhotos) {
        this.enrol = enrol;
        this.minPhotos = minPhotos;
    }

    /**
     * One drawing's searches.
     *
     * @param searches those in which a face was found
     * @param known the people who are enrolled
     */
    record Searched(OpenSetSearch drawing, List<Search> searches, long templates, PhotoSet known) {
        /** Number of enrolled people. Groups from this index on are strangers. */
        int people() {
            return known.people();
        }
    }

    /** Its name in reports. */
    String label() {
        return enrol + " enrolled";
    }

    /** Whether photos without enough people for it are refused. */
    boolean isRequired() {
        return this != EIGHT_OF_NINE;
    }

    /** Those that are required, and others for which there are enough people. */
    static List<CalibrationGallery> of(List<EmbeddedPhoto> photos) {
        return Stream.of(values())
                .filter(gallery -> gallery.isRequired() || gallery.isOfAtLeast(2, photos))
                .toList();
    }

    /** The names of those to enrol. All others are strangers. */
    private Set<String> enrolled(List<EmbeddedPhoto> photos) {
        Map<String, Long> photosOf = photos.stream()
                .collect(Collectors.groupingBy(photo -> photo.photo().name(), TreeMap::new, Collectors.counting()));
        List<String> enough = photosOf.keySet().stream()
                .filter(name -> photosOf.get(name) >= minPhotos)
                .toList();
        // If everybody could be enrolled, every second person is a stranger instead.
        int step = enough.size() == photosOf.size() ? 2 : 1;
        return IntStream.range(0, enough.size())
                .filter(i -> i % step == 0)
                .mapToObj(enough::get)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static PhotoSet of(List<EmbeddedPhoto> photos, Predicate<String> people) {
        return new PhotoSet(photos.stream()
                .filter(photo -> people.test(photo.photo().name()))
                .toList());
    }

    /** Whether there are at least so many people to enrol, and as many strangers. */
    boolean isOfAtLeast(int people, List<EmbeddedPhoto> photos) {
        Set<String> enrolled = enrolled(photos);
        return enrolled.size() >= people
                && of(photos, name -> !enrolled.contains(name)).people() >= people;
    }

    /** @throws IllegalArgumentException if there are too few people to enrol, or too few others */
    void requireEnough(List<EmbeddedPhoto> photos) {
        Set<String> enrolled = enrolled(photos);
        int known = of(photos, enrolled::contains).people();
        int strangers = of(photos, name -> !enrolled.contains(name)).people();
        if (known < 2 || strangers < 2) {
            throw new IllegalArgumentException("too few people to calibrate with: " + known + " with " + minPhotos
                    + " photos, and " + strangers + " others, in a third of them");
        }
    }

    /**
     * Searches in several random drawings of the gallery.
     *
     * @throws IllegalArgumentException if there are too few people
     */
    List<Searched> search(List<EmbeddedPhoto> photos, long seed) {
        requireEnough(photos);
        Set<String> enrolled = enrolled(photos);
        PhotoSet known = of(photos, enrolled::contains);
        PhotoSet strangers = of(photos, name -> !enrolled.contains(name));
        return IntStream.range(0, DRAWINGS)
                .mapToObj(drawing -> {
                    OpenSetSearch search = new OpenSetSearch(known, strangers, enrol, new Random(seed + drawing));
                    List<Search> searches = Stream.concat(
                                    search.mated(known.people()).stream(), search.nonMated(known.people()).stream())
                            .filter(Search::detected)
                            .toList();
                    return new Searched(search, searches, search.templates(known.people()), known);
                })
                .toList();
    }
}
