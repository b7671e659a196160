package io.facestream.demo;

import io.facestream.demo.SampleCutout.Pose;
import io.facestream.faces.Box;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;

/**
 * A simulated camera for the demo: a clip of people walking past a reception, made from the portraits of
 * {@link SamplePortrait}, with the truth about who is in each frame. Every run on a machine yields the same bytes.
 *
 * <pre>
 *  0    1.5        6   7       11  12              17.2  18.2          23.4  25 s
 *  |     | Collins |   |Andersson|   | Hopper       |     | Andersson   |     |
 *  |empty|         |   |stranger |   |   Ousterhout |     |     Collins |empty|
 * </pre>
 *
 * <p>The clip is made from the same photos that the demo enrols, since there is only one photo of each person: see
 * {@code demo/SOURCES.md}.
 */
public final class SampleCamera implements AutoCloseable {

    static final int FRAMES_PER_SECOND = 10;
    static final Duration LENGTH = Duration.ofSeconds(25);

    /**
     * One frame.
     *
     * @param index from 0
     * @param at since the clip's start
     * @param jpeg 640x480
     * @param people names of the enrolled people whose whole face is in the frame
     * @param atTheEdge names of the enrolled people who are only partly in the frame
     * @param stranger whether the whole face of someone not enrolled is in the frame
     * @param empty whether nobody is in the frame, about to enter it, or just gone
     * @param faces where the faces of the enrolled people are, as they stand upright; also partly outside the frame
     */
    public record Shot(
            int index,
            Duration at,
            byte[] jpeg,
            SortedSet<String> people,
            SortedSet<String> atTheEdge,
            boolean stranger,
            boolean empty,
            Map<String, Box> faces) {
        public Shot {
            people = Collections.unmodifiableSortedSet(people);
            atTheEdge = Collections.unmodifiableSortedSet(atTheEdge);
            faces = Map.copyOf(faces);
        }
    }

    /**
     * A person's walk through the picture, from one side to the other.
     *
     * @param enters seconds since the clip's start
     * @param fromFace height of the face in pixels on entering; it grows evenly to {@code toFace}
     */
    private record Walk(
            String name, double enters, double leaves, double fromX, double toX, double fromFace, double toFace) {

        /** Steps per second of an unhurried walk. */
        private static final double STEPS = 1.8;

        boolean during(double seconds) {
            return seconds > enters && seconds < leaves;
        }

        Pose at(double seconds) {
            double u = (seconds - enters) / (leaves - enters);
            // everyone slows to half the pace in front of the camera, and looks at it
            double x = fromX + (toX - fromX) * (u + 0.5 * Math.sin(2 * Math.PI * u) / (2 * Math.PI));
            double face = fromFace + (toFace - fromFace) * u;
            double step = Math.PI * STEPS * (seconds - enters);
            // the camera hangs a little above head height, so nearer people are lower in the picture
            double y = 108 + 0.8 * face - 0.04 * face * Math.abs(Math.sin(step));
            double roll = Math.toRadians(3) * Math.sin(step) + Math.toRadians(2) * Math.cos(Math.PI * u);
            double yaw = Math.toRadians(16) * Math.signum(toX - fromX) * Math.cos(Math.PI * u);
            return new Pose(x, y, face, roll, yaw);
        }
    }

    private static final int LEFT = -200;
    private static final int RIGHT = SampleRoom.WIDTH + 200;

    /** Who walks when. Of two people at a time, the farther one is listed first. */
    private static final List<Walk> SCRIPT = List.of(
            new Walk("Eileen_Collins", 1.5, 6, LEFT, RIGHT, 60, 120),
            new Walk("Aksel_Andersson", 7, 11, RIGHT, LEFT, 75, 115),
            new Walk("John_Ousterhout", 13.2, 17.2, LEFT, RIGHT, 50, 80),
            new Walk("Grace_Hopper", 12, 16, LEFT, RIGHT, 85, 125),
            new Walk("Eileen_Collins", 19.4, 23.4, RIGHT, LEFT, 60, 85),
            new Walk("Aksel_Andersson", 18.2, 22.2, RIGHT, LEFT, 90, 110));

    private final Map<String, SamplePortrait> portraits;
    private final Map<String, SampleCutout> cutouts = new HashMap<>();
    private final SampleRoom room = new SampleRoom();
    private final SampleLens lens = new SampleLens();

    public SampleCamera() {
        portraits = SamplePortrait.all().stream().collect(Collectors.toMap(SamplePortrait::name, Function.identity()));
        portraits.forEach((name, portrait) -> cutouts.put(name, new SampleCutout(portrait)));
    }

    /**
     * The clip, in order, computed as it is read. It must not be read after {@link #close()}, or by two threads at a
     * time.
     */
    public Stream<Shot> shots() {
        int count = (int) (LENGTH.toMillis() * FRAMES_PER_SECOND / 1000);
        return IntStream.range(0, count).mapToObj(this::shot);
    }

    @Override
    public void close() {
        cutouts.values().forEach(SampleCutout::close);
        room.close();
    }

    private Shot shot(int index) {
        var at = Duration.ofMillis(index * 1000L / FRAMES_PER_SECOND);
        double seconds = at.toMillis() / 1000.0;
        var people = new TreeSet<String>();
        var atTheEdge = new TreeSet<String>();
        var faces = new HashMap<String, Box>();
        boolean stranger = false;
        boolean empty = true;
        try (var scope = new PointerScope()) {
            var frame = room.frame();
            for (var walk : SCRIPT) {
                if (!walk.during(seconds)) {
                    continue;
                }
                empty = false;
                var portrait = portraits.get(walk.name());
                var pose = walk.at(seconds);
                cutouts.get(walk.name()).paste(frame, pose);
                var face = face(portrait, pose);
                boolean whole = face.x() >= 0 && face.x() + face.width() <= SampleRoom.WIDTH;
                if (portrait.known()) {
                    (whole ? people : atTheEdge).add(portrait.name());
                    faces.put(portrait.name(), face);
                } else {
                    stranger |= whole;
                }
            }
            room.coverWithCounter(frame);
            return new Shot(index, at, lens.shoot(frame, index, seconds), people, atTheEdge, stranger, empty, faces);
        }
    }

    private static Box face(SamplePortrait portrait, Pose pose) {
        double height = pose.faceHeight();
        double width = height * portrait.face().width() / portrait.face().height();
        return new Box((float) (pose.x() - width / 2), (float) (pose.y() - height / 2), (float) width, (float) height);
    }
}
