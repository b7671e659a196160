package io.facestream.evaluation;

import io.facestream.evaluation.LabelledPhotos.Photo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pairs of photos in the format of Labeled Faces in the Wild (Huang et al. 2007): tab-separated lines, {@code name i j} for
 * two photos of one person, {@code name1 i name2 j} for two people; photo i of NAME is {@code NAME/NAME_000i}. A first line
 * with one or two numbers is skipped. A fold begins wherever a pair of one person follows a pair of two.
 */
final class PairsFile {
    private static final Pattern HEADER = Pattern.compile("\\d+(\\s+\\d+)?");
    private static final Pattern NUMBERED = Pattern.compile("(.*)_0*(\\d+)\\.[^.]*");

    private PairsFile() {}

    /**
     * @param first index of a photo
     * @param second index of another
     */
    record Pair(int first, int second, boolean same, int fold) {}

    /**
     * @param photos that the pairs are of
     * @param people whose pairs count; empty for all
     * @throws IOException if a line is no pair, or names a photo that is not there
     */
    static List<Pair> read(Path file, List<Photo> photos, Set<String> people) throws IOException {
        Map<String, Integer> byNumber = byNumber(photos);
        List<Pair> pairs = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        int fold = 0;
        boolean sameBefore = true;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || (i == 0 && HEADER.matcher(line).matches())) {
                continue;
            }
            String[] words = line.split("\t", -1);
            if (words.length != 3 && words.length != 4) {
                throw new IOException(
                        file + " line " + (i + 1) + ": not `name i j` or `name1 i name2 j`, tab-separated: " + line);
            }
            boolean same = words.length == 3;
            if (same && !sameBefore) {
                fold++;
            }
            sameBefore = same;
            String other = same ? words[0] : words[2];
            if (!people.isEmpty() && !(people.contains(words[0]) && people.contains(other))) {
                continue;
            }
            int first = photo(byNumber, words[0], words[1], file, i);
            int second = photo(byNumber, other, words[words.length - 1], file, i);
            pairs.add(new Pair(first, second, same, fold));
        }
        return pairs;
    }

    private static Map<String, Integer> byNumber(List<Photo> photos) {
        Map<String, Integer> byNumber = new HashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            Matcher name = NUMBERED.matcher(photos.get(i).file().getFileName().toString());
            if (name.matches()) {
                byNumber.put(photos.get(i).name() + "\t" + name.group(2), i);
            }
        }
        return byNumber;
    }

    private static int photo(Map<String, Integer> byNumber, String name, String number, Path file, int line)
            throws IOException {
        Integer index = byNumber.get(name + "\t" + number.replaceFirst("^0+(?=.)", ""));
        if (index == null) {
            throw new IOException(file + " line " + (line + 1) + ": no photo " + number + " of " + name);
        }
        return index;
    }
}
