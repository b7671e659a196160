package io.facestream.evaluation;

import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Pairs of photos in the format of Labeled Faces in the Wild (Huang et al. 2007): tab-separated lines, {@code name i
 * j} for two photos of one person, {@code name1 i name2 j} for two people; photo i of NAME is {@code NAME/NAME_000i}.
 * A first line with one or two numbers is skipped. A fold begins wherever a pair of one person follows a pair of two.
 */
public final class PairsFile {
    /** The number of folds that pairs are dealt into if they come as a single one. */
    static final int FOLDS = 10;

    private static final Pattern HEADER = Pattern.compile("\\d+(\\s+\\d+)?");
    private static final Pattern NUMBERED = Pattern.compile("(.*)_0*(\\d+)\\.[^.]*");
    private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=.)");

    /** Stands for a photo's index if two photos have the same number. */
    private static final int TWO = -1;

    private final Path file;
    private final List<Line> lines;

    /** What messages say about the lines that count; empty if all do. */
    private final String limit;

    /** @param number of the line, from 1 on */
    private record Line(int number, PhotoName first, PhotoName second, boolean same, int fold) {}

    /** @param number without leading zeros */
    private record PhotoName(String name, String number) {
        static PhotoName of(String name, String number) {
            return new PhotoName(name, LEADING_ZEROS.matcher(number).replaceFirst(""));
        }

        @Override
        public String toString() {
            return number + " of " + name;
        }
    }

    /**
     * @param first index of a photo
     * @param second index of another
     */
    record Pair(int first, int second, boolean same, int fold) {}

    private PairsFile(Path file, List<Line> lines, String limit) {
        this.file = file;
        this.lines = lines;
        this.limit = limit;
    }

    /** @throws IOException if the file cannot be read, or a line is not a pair of two photos */
    public static PairsFile read(Path file) throws IOException {
        List<Line> pairs = new ArrayList<>();
        int fold = 0;
        boolean sameBefore = true;
        int number = 0;
        for (String text : TextFile.lines(file)) {
            String line = text.strip();
            number++;
            if (line.isEmpty() || (number == 1 && HEADER.matcher(line).matches())) {
                continue;
            }
            String[] words = line.split("\t", -1);
            if (words.length != 3 && words.length != 4) {
                throw new IOException(
                        file + " line " + number + ": not `name i j` or `name1 i name2 j`, tab-separated: " + line);
            }
            boolean same = words.length == 3;
            PhotoName first = PhotoName.of(words[0], words[1]);
            PhotoName second = PhotoName.of(same ? words[0] : words[2], words[words.length - 1]);
            if (first.equals(second)) {
                throw new IOException(file + " line " + number + ": a photo is not a pair with itself: " + line);
            }
            if (!same && first.name().equals(second.name())) {
                throw new IOException(file + " line " + number + ": two people with the same name: " + line);
            }
            if (same && !sameBefore) {
                fold++;
            }
            sameBefore = same;
            pairs.add(new Line(number, first, second, same, fold));
        }
        return new PairsFile(file, pairs, "");
    }

    /** The names of all people in it. */
    public Set<String> people() {
        Set<String> people = new TreeSet<>();
        for (Line line : lines) {
            people.add(line.first().name());
            people.add(line.second().name());
        }
        return people;
    }

    /** Only the pairs of two people who are both among the given ones. */
    public PairsFile of(Set<String> people) {
        Set<String> names = people.stream().map(TextFile::normalised).collect(Collectors.toSet());
        return new PairsFile(
                file,
                lines.stream()
                        .filter(line -> names.contains(line.first().name())
                                && names.contains(line.second().name()))
                        .toList(),
                ", of the " + names.size() + " people that count");
    }

    /**
     * Makes sure that the pairs can be judged.
     *
     * @throws IOException if they name a missing photo, are too few, or are all of one person or all of two
     */
    public void check(List<Photo> photos) throws IOException {
        among(photos);
        requireEnough(lines.size(), lines.stream().filter(Line::same).count());
    }

    /**
     * @throws IOException if there are too few pairs, or too few of either kind, to find a threshold and to judge it
     */
    void requireEnough(long pairs, long same) throws IOException {
        if (pairs < FOLDS) {
            throw new IOException(file + ": at least " + FOLDS + " pairs are needed, not " + pairs + limit);
        }
        if (same == 0 || same == pairs) {
            throw new IOException(file + ": pairs of one person and of two people are needed; the file has " + same
                    + " of one and " + (pairs - same) + " of two" + limit);
        }
    }

    /**
     * The pairs, by their photos' indices.
     *
     * @throws IOException if they name a missing photo
     */
    List<Pair> among(List<Photo> photos) throws IOException {
        Map<PhotoName, Integer> byName = byName(photos);
        List<Pair> pairs = new ArrayList<>();
        String missing = null;
        int failed = 0;
        for (Line line : lines) {
            Integer first = byName.get(line.first());
            Integer second = byName.get(line.second());
            if (first != null && first != TWO && second != null && second != TWO) {
                pairs.add(new Pair(first, second, line.same(), line.fold()));
                continue;
            }
            failed++;
            if (missing == null) {
                boolean isFirst = first == null || first == TWO;
                missing = " line " + line.number() + ": "
                        + ((isFirst ? first : second) == null ? "no photo " : "two photos ")
                        + (isFirst ? line.first() : line.second());
            }
        }
        if (missing != null) {
            throw new IOException(file + missing + (failed > 1 ? ", and " + (failed - 1) + " more lines like it" : ""));
        }
        return pairs;
    }

    private static Map<PhotoName, Integer> byName(List<Photo> photos) {
        Map<PhotoName, Integer> byName = new HashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            Matcher numbered =
                    NUMBERED.matcher(photos.get(i).file().getFileName().toString());
            if (numbered.matches()) {
                byName.merge(
                        PhotoName.of(TextFile.normalised(photos.get(i).name()), numbered.group(2)),
                        i,
                        (before, other) -> TWO);
            }
        }
        return byName;
    }
}
