package io.facestream.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A photo shipped for the demo, and the place of the person in it. {@code demo/SOURCES.md} names its author and
 * licence.
 *
 * @param name the person's name as it is enrolled, a directory name such as {@code Grace_Hopper}
 * @param known whether the demo enrols this person; the others are its strangers
 * @param resource path of the photo (JPEG) on the class path
 * @param face forehead to chin and cheek to cheek
 * @param light 0xRRGGBB, the light applied to the photo to fit the camera's room; white leaves it as it is
 * @param clothes 0xRRGGBB, the colour of the torso below the photo's lower edge
 * @param outline around head and shoulders, without the background; closed, at least three points
 */
record SamplePortrait(
        String name, boolean known, String resource, Box face, int light, int clothes, List<Corner> outline) {

    /** Photo pixels. */
    record Corner(int x, int y) {}

    /** Photo pixels; {@code x} and {@code y} are the upper left corner. */
    record Box(int x, int y, int width, int height) {}

    private static final String FOLDER = "/demo/";
    private static final String TABLE = FOLDER + "portraits.csv";
    private static final Pattern PHOTO = Pattern.compile("(people|strangers)/([^/]+)/[^/]+\\.jpg");

    SamplePortrait {
        outline = List.copyOf(outline);
        if (outline.size() < 3) {
            throw new IllegalArgumentException(
                    resource + ": an outline needs three corners, this one has " + outline.size());
        }
    }

    /** Every portrait of {@code demo/portraits.csv}, in its order; the known ones are the demo's enrolment photos. */
    static List<SamplePortrait> all() {
        return new String(read(TABLE), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .skip(1)
                .map(SamplePortrait::parse)
                .toList();
    }

    /** The photo as it is shipped: JPEG bytes. */
    byte[] photo() {
        return read(resource);
    }

    private static SamplePortrait parse(String line) {
        var fields = line.split(",", -1);
        var path = PHOTO.matcher(fields[0]);
        if (fields.length != 5 || !path.matches()) {
            throw new IllegalStateException(TABLE + ": expected photo,face,light,clothes,outline but read: " + line);
        }
        var face = numbers(fields[1]);
        var corners = numbers(fields[4]);
        var outline = new Corner[corners.length / 2];
        Arrays.setAll(outline, i -> new Corner(corners[2 * i], corners[2 * i + 1]));
        return new SamplePortrait(
                path.group(2),
                path.group(1).equals("people"),
                FOLDER + fields[0],
                new Box(face[0], face[1], face[2], face[3]),
                Integer.parseInt(fields[2], 16),
                Integer.parseInt(fields[3], 16),
                List.of(outline));
    }

    private static int[] numbers(String field) {
        return Arrays.stream(field.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    }

    private static byte[] read(String resource) {
        try (InputStream in = SamplePortrait.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path: the build is incomplete");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
