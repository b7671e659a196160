package io.facestream.photos;

import io.facestream.frames.PhotoFile;
import io.facestream.frames.PhotoKind;
import io.facestream.frames.PictureBounds;
import io.facestream.messaging.PlainName;
import io.facestream.messaging.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A folder with a folder of photos for each person, {@code DIR/NAME/*}, as computers and phones leave it. Hidden files,
 * and files that are not pictures, are left out and counted; anything else left out is named. A failure of one file or
 * folder does not affect the others.
 *
 * @param photos all of them, sorted by name and file; the files have not been read yet
 * @param notices what was left out, one line each, without anybody's photos going missing
 * @param faults people and photos that are missing because they could not be read or named, one line each
 */
public record LabelledPhotos(List<Photo> photos, List<String> notices, List<String> faults) {
    /** Files and folders that systems leave beside photos, without hiding them by a dot; in lower case. */
    private static final Set<String> LEFT_BY_SYSTEMS = Set.of(
            "__macosx",
            "@eadir",
            "#recycle",
            "$recycle.bin",
            "system volume information",
            "lost+found",
            "thumbs.db",
            "ehthumbs.db",
            "desktop.ini",
            "icon\r");

    /** A file with such an ending is reported even if it is not a photo; any other is only counted. */
    private static final Set<String> ENDINGS = Set.of(
            "jpg", "jpeg", "jpe", "png", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff", "dng", "cr2",
            "cr3", "nef", "arw", "jxl", "jp2");

    /** In a name, it stands for bytes that could not be decoded as text. */
    private static final char NO_TEXT = '\uFFFD';

    private static final int EXAMPLES = 3;

    /** How deep below a person's folder, and up to how many, photos are counted that lie in folders of their own. */
    private static final int DEEPEST = 8;

    private static final int MOST_NESTED = 1_000;

    public LabelledPhotos {
        photos = List.copyOf(photos);
        notices = List.copyOf(notices);
        faults = List.copyOf(faults);
    }

    /**
     * A photo and whom it shows.
     *
     * @param name as FaceStream keeps it, a {@link PlainName}
     */
    public record Photo(String name, Path file) {
        /** What a record accepts by default. */
        private record Default(int maxBytes, long maxPixels) implements PictureBounds {}

        private static final Default BOUNDS = new Default(8 << 20, 40_000_000);

        /**
         * The photo's bytes as they would be published.
         *
         * @throws RejectedException if it is not a photo that can be read
         */
        public byte[] bytes() throws IOException, RejectedException {
            return PhotoFile.read(file, BOUNDS, BOUNDS.maxBytes()).image();
        }

        /** Unique in its folder: {@code NAME/FILE}. */
        public String label() {
            return name + "/" + file.getFileName();
        }
    }

    /** Reports what was left out. */
    public void report(Consumer<String> listener) {
        faults.forEach(listener);
        notices.forEach(listener);
    }

    /**
     * The photos of a folder, and what was left out.
     *
     * @throws IOException if there are no photos
     */
    public static LabelledPhotos of(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is not a folder");
        }
        Reading reading = new Reading();
        reading.people(folder);
        LabelledPhotos found = reading.found();
        if (found.photos().isEmpty()) {
            String why = found.faults().isEmpty() && found.notices().isEmpty()
                    ? ""
                    : " (" + String.join("; ", found.faults().isEmpty() ? found.notices() : found.faults()) + ")";
            throw new IOException("no photos in " + folder + ": expected " + folder + "/NAME/photo.jpg" + why);
        }
        return found;
    }

    /** A folder that is being read. */
    private static final class Reading {
        private final List<Photo> photos = new ArrayList<>();
        private final List<String> notices = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private final Map<String, Set<String>> spellings = new TreeMap<>();
        private final List<String> leftOut = new ArrayList<>();
        private int loose;
        private Path firstLoose;

        LabelledPhotos found() {
            List<String> all = new ArrayList<>();
            if (!leftOut.isEmpty()) {
                all.add("left out, hidden or not pictures: " + leftOut.size() + " files and folders ("
                        + String.join(", ", leftOut.subList(0, Math.min(EXAMPLES, leftOut.size())))
                        + (leftOut.size() > EXAMPLES ? ", ...)" : ")"));
            }
            if (loose > 0) {
                all.add("left out, not in a person's folder: photos, " + loose + " (" + firstLoose
                        + (loose > 1 ? ", ..." : "") + "); move them to a folder of the person's name");
            }
            all.addAll(notices);
            spellings.values().stream()
                    .filter(names -> names.size() > 1)
                    .forEach(names -> all.add("names that differ by case or width only are different people: "
                            + String.join(", ", names)));
            return new LabelledPhotos(photos, all, faults);
        }

        void people(Path folder) throws IOException {
            for (Path entry : sorted(folder)) {
                if (isHidden(entry)) {
                    leaveOut(entry);
                } else if (Files.isDirectory(entry)) {
                    person(entry);
                } else if (isPhoto(entry)) {
                    loose++;
                    firstLoose = firstLoose == null ? entry : firstLoose;
                } else if (!entry.getFileName().toString().equals(PhotoGroups.FILE)) {
                    leaveOut(entry);
                }
            }
        }

        private void person(Path folder) {
            String name;
            List<Path> entries;
            try {
                name = nameOf(folder);
                entries = sorted(folder);
            } catch (IllegalArgumentException e) {
                faults.add(folder + " does not name a person: " + e.getMessage());
                return;
            } catch (IOException e) {
                faults.add(folder + " cannot be read: " + reason(e));
                return;
            }
            int before = photos.size();
            int nested = 0;
            for (Path entry : entries) {
                if (isHidden(entry)) {
                    leaveOut(entry);
                } else if (Files.isDirectory(entry)) {
                    nested += nested(entry);
                } else if (!Files.isRegularFile(entry)) {
                    faults.add(entry + (Files.isSymbolicLink(entry) ? " is a broken link" : " is not a file"));
                } else if (isPhoto(entry)) {
                    photos.add(new Photo(name, entry));
                } else {
                    leaveOut(entry);
                }
            }
            if (photos.size() > before) {
                spellings
                        .computeIfAbsent(PlainName.folded(name), key -> new TreeSet<>())
                        .add(name);
            } else if (nested == 0) {
                notices.add(folder + " has no photos");
            }
        }

        /** Reports the photos of a folder inside a person's folder as left out. Returns their number. */
        private int nested(Path folder) {
            int count = nested(folder, 1, 0);
            if (count > 0) {
                notices.add("left out, in a folder of a folder: photos, "
                        + (count < MOST_NESTED ? count : "more than " + count) + " (" + folder
                        + "); move them to the person's folder itself");
            }
            return count;
        }

        private int nested(Path folder, int depth, int counted) {
            int count = counted;
            // A link to a folder may lead back up.
            if (depth > DEEPEST || Files.isSymbolicLink(folder)) {
                return count;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    if (count >= MOST_NESTED) {
                        return count;
                    }
                    if (isHidden(entry)) {
                        continue;
                    }
                    if (Files.isDirectory(entry)) {
                        count = nested(entry, depth + 1, count);
                    } else if (isPhoto(entry)) {
                        count++;
                    }
                }
            } catch (IOException e) {
                faults.add(folder + " cannot be read: " + reason(e));
            }
            return count;
        }

        private void leaveOut(Path entry) {
            leftOut.add(entry.toString());
        }
    }

    /** Its entries, sorted by name. */
    private static List<Path> sorted(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null);
        return entries;
    }

    private static String nameOf(Path folder) {
        String name = folder.getFileName().toString();
        if (name.indexOf(NO_TEXT) >= 0) {
            throw new IllegalArgumentException(
                    "its name is not UTF-8, or this machine's locale is not: set LC_ALL=C.UTF-8, or rename it");
        }
        return PlainName.of(name);
    }

    /** Whether it is hidden, or was left there by a system. */
    public static boolean isHidden(Path entry) {
        String name = entry.getFileName().toString();
        return name.startsWith(".") || LEFT_BY_SYSTEMS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Whether to report it as a photo: it is one, is named like one, or cannot be read. */
    private static boolean isPhoto(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        String name = file.getFileName().toString();
        if (ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return PhotoKind.of(in.readNBytes(PhotoKind.START)) != PhotoKind.NO_PICTURE;
        } catch (IOException e) {
            return true;
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "access denied";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
