package io.facestream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder with a folder of photos for each person: {@code DIR/NAME/*}. */
final class LabelledPhotos {
    private LabelledPhotos() {}

    /** A photo and whom it shows. */
    record Photo(String name, Path file) {
        byte[] bytes() throws IOException {
            return Files.readAllBytes(file);
        }
    }

    /**
     * All of them, in order.
     *
     * @throws IOException if there are none
     */
    static List<Photo> in(Path folder) throws IOException {
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
