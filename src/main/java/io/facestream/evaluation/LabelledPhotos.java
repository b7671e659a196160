package io.facestream.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder with a folder of photos for each person: {@code DIR/NAME/*}. */
public final class LabelledPhotos {
    private LabelledPhotos() {}

    /** A photo and whom it shows. */
    public record Photo(String name, Path file) {
        public byte[] bytes() throws IOException {
            return Files.readAllBytes(file);
        }

        /** Unique in its folder: {@code NAME/FILE}. */
        public String label() {
            return name + "/" + file.getFileName();
        }
    }

    /**
     * All of them, in order.
     *
     * @throws IOException if there are none
     */
    public static List<Photo> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder");
        }
        List<Photo> photos = new ArrayList<>();
        try (Stream<Path> people = Files.list(folder)) {
            for (Path person : people.filter(Files::isDirectory).sorted().toList()) {
                try (Stream<Path> files = Files.list(person)) {
                    files.filter(Files::isRegularFile)
                            .sorted()
                            .forEach(file ->
                                    photos.add(new Photo(person.getFileName().toString(), file)));
                }
            }
        }
        if (photos.isEmpty()) {
            throw new IOException("no photos in " + folder + ": expected " + folder + "/NAME/photo.jpg");
        }
        return photos;
    }
}
