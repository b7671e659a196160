package io.facestream.evaluation;

import io.facestream.faces.Box;
import io.facestream.photos.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The places of faces in pictures, from a CSV file with the header {@code file,x,y,width,height,class}, in pixels. */
public final class LabelledBoxes {
    private static final String HEADER = "file,x,y,width,height";
    private static final float MAX_PIXELS = 1e6f;

    private LabelledBoxes() {}

    /** @param kind such as with_mask; empty if the file has no such column */
    public record LabelledBox(Box box, String kind) {}

    /**
     * The boxes by file name.
     *
     * @throws IOException if a line cannot be read as a box
     */
    static Map<String, List<LabelledBox>> read(Path csv) throws IOException {
        List<String> lines = TextFile.lines(csv);
        if (lines.isEmpty() || !lines.get(0).startsWith(HEADER)) {
            throw new IOException(csv + ": the first line is not " + HEADER + ",class");
        }
        Map<String, List<LabelledBox>> boxes = new LinkedHashMap<>();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty()) {
                continue;
            }
            String[] fields = line.split(",", -1);
            try {
                Box box = new Box(number(fields, 1), number(fields, 2), number(fields, 3), number(fields, 4));
                boxes.computeIfAbsent(fields[0], file -> new ArrayList<>())
                        .add(new LabelledBox(box, fields.length > 5 ? fields[5].strip() : ""));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new IOException(csv + " line " + (i + 1) + ": not " + HEADER + ",class: " + line, e);
            }
        }
        return boxes;
    }

    private static float number(String[] fields, int i) {
        float number = Float.parseFloat(fields[i].strip());
        if (!(Math.abs(number) <= MAX_PIXELS)) {
            throw new IllegalArgumentException(number + " pixels");
        }
        return number;
    }
}
