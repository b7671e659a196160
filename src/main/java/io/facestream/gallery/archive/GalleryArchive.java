package io.facestream.gallery.archive;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Enumeration;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An archive that is read. It may come from anywhere: entries are found by their exact names and never written to disk,
 * and each is read up to a limit, whatever the file says of its size.
 */
final class GalleryArchive implements AutoCloseable {
    private static final int MOST_ENTRIES = 2_000_000;
    private static final int LONGEST_HEADER = 64 << 10;
    private static final int LONGEST_LINE = 1 << 20;
    private static final int LARGEST_PICTURE = 256 << 10;
    private static final int MOST_LINES = 1_000_000;
    private static final String UUID_NAME = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern NAMES = Pattern.compile(GalleryExport.HEADER + "|" + GalleryExport.PEOPLE + "|"
            + GalleryExport.PHOTOS + "|" + GalleryExport.NEGATIVES + "|" + GalleryExport.TRACES + "|("
            + GalleryExport.PICTURES + "|" + GalleryExport.DENIED + ")" + UUID_NAME + "\\.png|" + GalleryExport.SHOTS
            + "[0-9]{1,9}\\.png");

    private final ZipFile zip;
    private final ArchiveHeader header;

    private GalleryArchive(ZipFile zip) throws IOException {
        this.zip = zip;
        this.header =
                read(GalleryExport.HEADER, content(entry(GalleryExport.HEADER), LONGEST_HEADER), ArchiveHeader.class);
    }

    /** What to do with a person. */
    interface People {
        void take(ArchivedPerson person) throws SQLException, ArchiveException;
    }

    /** What to do with a photo. */
    interface Photos {
        void take(ArchivedPhoto photo, byte[] picture) throws SQLException, ArchiveException;
    }

    /** What to do with a negative. */
    interface Negatives {
        void take(ArchivedNegative negative, byte[] picture) throws SQLException, ArchiveException;
    }

    private interface Lines {
        void take(String place, byte[] line) throws SQLException, IOException;
    }

    static GalleryArchive open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new ArchiveException(file + " is not a zip: " + e.getMessage(), e);
        }
        try {
            if (zip.size() > MOST_ENTRIES) {
                throw new ArchiveException("an archive has at most " + MOST_ENTRIES + " entries, not " + zip.size());
            }
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                if (!NAMES.matcher(entries.nextElement().getName()).matches()) {
                    throw new ArchiveException("an archive has no entries but those that docs/gallery.md lists");
                }
            }
            return new GalleryArchive(zip);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    ArchiveHeader header() {
        return header;
    }

    void people(People people) throws SQLException, IOException {
        lines(GalleryExport.PEOPLE, (place, line) -> people.take(read(place, line, ArchivedPerson.class)));
    }

    void photos(Photos photos) throws SQLException, IOException {
        lines(GalleryExport.PHOTOS, (place, line) -> {
            ArchivedPhoto photo = read(place, line, ArchivedPhoto.class);
            photos.take(photo, content(entry(GalleryExport.PICTURES + photo.id() + ".png"), LARGEST_PICTURE));
        });
    }

    /** None in an archive of one person. */
    void negatives(Negatives negatives) throws SQLException, IOException {
        if (zip.getEntry(GalleryExport.NEGATIVES) == null) {
            return;
        }
        lines(GalleryExport.NEGATIVES, (place, line) -> {
            ArchivedNegative negative = read(place, line, ArchivedNegative.class);
            negatives.take(negative, content(entry(GalleryExport.DENIED + negative.id() + ".png"), LARGEST_PICTURE));
        });
    }

    private ZipEntry entry(String name) throws ArchiveException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new ArchiveException("the archive has no " + name);
        }
        return entry;
    }

    private byte[] content(ZipEntry entry, int most) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] content = in.readNBytes(most + 1);
            if (content.length > most) {
                throw new ArchiveException(entry.getName() + " has more than " + most + " bytes");
            }
            return content;
        } catch (ZipException e) {
            throw new ArchiveException(entry.getName() + " is damaged: " + e.getMessage(), e);
        }
    }

    private void lines(String name, Lines lines) throws SQLException, IOException {
        try (InputStream in = new BufferedInputStream(zip.getInputStream(entry(name)))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int count = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    line.write(next);
                    if (line.size() > LONGEST_LINE) {
                        throw new ArchiveException(name + " has a line of more than " + LONGEST_LINE + " bytes");
                    }
                    continue;
                }
                if (++count > MOST_LINES) {
                    throw new ArchiveException(name + " has more than " + MOST_LINES + " lines");
                }
                lines.take(name + ", line " + count, line.toByteArray());
                line.reset();
            }
            if (line.size() > 0) {
                throw new ArchiveException(name + " ends in the middle of a line");
            }
        } catch (ZipException e) {
            throw new ArchiveException(name + " is damaged: " + e.getMessage(), e);
        }
    }

    private static <T> T read(String place, byte[] json, Class<T> type) throws ArchiveException {
        try {
            return Json.read(json, type);
        } catch (RejectedException | IllegalArgumentException e) {
            throw new ArchiveException(place + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
