package io.facestream.photos;

import io.facestream.messaging.PlainName;
import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which group each photo belongs to, from the file {@value #FILE} in a folder of photos: a CSV file whose header is
 * {@code name} and up to {@value #MOST_KINDS} kinds of groups, such as {@code name,age,camera}. A line begins with a
 * person, {@code NAME}, or with a photo, {@code NAME/FILE}, which counts more than its person. An empty field is no
 * label. Names are compared in Unicode's composed form.
 */
public final class PhotoGroups {
    public static final String FILE = "groups.csv";

    private static final String FIRST = "name";
    private static final int MOST_KINDS = 8;

    /** Of one kind. Figures of more groups than that are about hardly anybody. */
    private static final int MOST_GROUPS = 32;

    private static final int LONGEST = 64;
    private static final int MOST_NAMED = 5;

    /** A field, bare or in quotes, and what follows it. */
    private static final Pattern FIELD = Pattern.compile("\\G(?:\"((?:[^\"]|\"\")*+)\"|([^\",]*+))(,|$)");

    private final Path file;
    private final List<String> kinds;

    /** The fields of a line, by the first. */
    private final Map<String, List<String>> labels;

    private PhotoGroups(Path file, List<String> kinds, Map<String, List<String>> labels) {
        this.file = file;
        this.kinds = kinds;
        this.labels = labels;
    }

    /**
     * The groups of a folder; empty if it has no such file.
     *
     * @throws IOException if the file cannot be read as described
     */
    public static Optional<PhotoGroups> in(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    private static PhotoGroups read(Path file) throws IOException {
        List<String> lines = TextFile.lines(file);
        List<String> kinds = lines.isEmpty() ? List.of() : fields(file, 1, lines.get(0));
        if (kinds.size() < 2 || !kinds.get(0).equals(FIRST)) {
            throw new IOException(
                    file + ": the first line is not " + FIRST + " and the kinds of groups, as in name,age,camera");
        }
        if (kinds.size() > 1 + MOST_KINDS) {
            throw new IOException(file + ": at most " + MOST_KINDS + " kinds of groups, not " + (kinds.size() - 1));
        }
        for (String kind : kinds) {
            check(file, 1, kind);
        }
        if (kinds.contains("") || new HashSet<>(kinds).size() < kinds.size()) {
            throw new IOException(file + ": a kind of groups has no name, or the name of another");
        }
        Map<String, List<String>> labels = new HashMap<>();
        List<Set<String>> groups =
                kinds.stream().map(kind -> (Set<String>) new HashSet<String>()).toList();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            List<String> fields = fields(file, i + 1, lines.get(i));
            if (fields.size() != kinds.size() || fields.get(0).isEmpty()) {
                throw new IOException(file + " line " + (i + 1) + ": not " + String.join(",", kinds));
            }
            for (int kind = 1; kind < fields.size(); kind++) {
                String label = fields.get(kind);
                check(file, i + 1, label);
                if (!label.isEmpty()
                        && groups.get(kind).add(label)
                        && groups.get(kind).size() > MOST_GROUPS) {
                    throw new IOException(file + " line " + (i + 1) + ": at most " + MOST_GROUPS + " groups by "
                            + kinds.get(kind) + "; make them larger, as bands of ages are");
                }
            }
            if (labels.put(fields.get(0), fields) != null) {
                throw new IOException(file + " line " + (i + 1) + ": the name has been there before");
            }
        }
        return new PhotoGroups(file, kinds, labels);
    }

    private static List<String> fields(Path file, int number, String line) throws IOException {
        List<String> fields = new ArrayList<>();
        Matcher matcher = FIELD.matcher(line);
        while (matcher.find()) {
            String quoted = matcher.group(1);
            fields.add((quoted == null ? matcher.group(2) : quoted.replace("\"\"", "\"")).strip());
            if (matcher.group(3).isEmpty()) {
                return fields;
            }
        }
        throw new IOException(file + " line " + number + ": a quote is out of place");
    }

    private static void check(Path file, int number, String label) throws IOException {
        if (label.isEmpty()) {
            return;
        }
        try {
            if (label.length() > LONGEST) {
                throw new IllegalArgumentException("it has more than " + LONGEST + " characters");
            }
            PlainName.of(label);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " line " + number + " has a label that cannot be shown: " + e.getMessage(), e);
        }
    }

    /**
     * Checks that it is about these photos.
     *
     * @param photos all of the folder
     * @param listener gets a line about names that are not in the folder
     * @throws IOException if it labels none of them
     */
    public void check(Collection<Photo> photos, Consumer<String> listener) throws IOException {
        Set<String> known = photos.stream()
                .flatMap(photo -> List.of(photo.name(), photo.label()).stream())
                .map(TextFile::normalised)
                .collect(Collectors.toSet());
        List<String> unknown = labels.keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .toList();
        if (unknown.size() == labels.size()) {
            throw new IOException(file + " labels none of the photos beside it: a name is NAME or NAME/FILE");
        }
        if (!unknown.isEmpty()) {
            listener.accept(file + ": " + unknown.size() + " of its " + labels.size() + " names are not beside it: "
                    + unknown.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                    + (unknown.size() > MOST_NAMED ? ", ..." : ""));
        }
    }

    public Path file() {
        return file;
    }

    /** The kinds of groups, in the order of the header. */
    public List<String> kinds() {
        return kinds.subList(1, kinds.size());
    }

    /** The photo's labels by kind, without those that it does not have. */
    public Map<String, String> of(Photo photo) {
        List<String> ofPhoto = labels.getOrDefault(TextFile.normalised(photo.label()), List.of());
        List<String> ofPerson = labels.getOrDefault(TextFile.normalised(photo.name()), List.of());
        Map<String, String> all = new LinkedHashMap<>();
        for (int kind = 1; kind < kinds.size(); kind++) {
            for (List<String> fields : List.of(ofPerson, ofPhoto)) {
                if (!fields.isEmpty() && !fields.get(kind).isEmpty()) {
                    all.put(kinds.get(kind), fields.get(kind));
                }
            }
        }
        return all;
    }
}
