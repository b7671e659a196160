package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;

import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Visits that are hard to follow: the frames, and all that is told of them. They are filmed here once, and read with
 * and without a broker. Each case has a partition of its own. At its end nobody is in view until everybody has left.
 */
enum HardCase {
    TWO_PEOPLE_WHO_CROSS(named("Ada", "40 frames 0.0 to 7.8 s"), named("Bob", "40 frames 0.0 to 7.8 s")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            return frames(40, i -> camera.film(time(i), at(ADA, 60 + i * 28, 300), at(BOB, 1180 - i * 28, 310)));
        }
    },

    WHO_STANDS_STILL_TURNS_AWAY_AND_IS_COVERED_FOR_TWO_SECONDS(named("Ada", "80 frames 0.0 to 19.8 s")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            List<Filmed> filmed = new ArrayList<>(camera.film(0, 10, at(ADA, 300, 300)));
            filmed.addAll(camera.film(10, 12)); // covered
            filmed.addAll(camera.film(12, 14, new Shown(ADA, 320, 300, 80, 22))); // half turned away
            filmed.addAll(camera.film(14, 16));
            filmed.addAll(camera.film(16, 20, at(ADA, 310, 305)));
            return filmed;
        }
    },

    WHO_WALKS_SO_FAST_THAT_NO_TWO_BOXES_OVERLAP(new Visit("nobody-near 8 frames 0.0 to 1.4 s", "appeared 1, left 2")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            return frames(8, i -> camera.film(time(i), at(STRANGER, 60 + i * 140, 300)));
        }
    },

    A_CROWD_OF_THIRTY(crowd()) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            Random random = new Random(1);
            float[] x = new float[30];
            float[] y = new float[30];
            for (int i = 0; i < 30; i++) {
                x[i] = 60 + i % 10 * 120;
                y[i] = 100 + i / 10 * 200;
            }
            return frames(50, frame -> {
                List<Shown> shown = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    x[i] += (float) random.nextGaussian() * 20;
                    y[i] += (float) random.nextGaussian() * 20;
                    if ((frame + i) % 10 != 0) { // detection misses every tenth face
                        shown.add(at(new Somebody("Person " + i, i % 2 == 0), x[i], y[i]));
                    }
                }
                return camera.film(time(frame), shown.toArray(Shown[]::new));
            });
        }
    },

    ONE_PERSON_BEFORE_TWO_CAMERAS(named("Ada", "20 frames 0.0 to 3.8 s"), named("Ada", "20 frames 0.0 to 3.8 s")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            FilmedCamera door = new FilmedCamera("door", camera);
            List<Filmed> filmed = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                filmed.add(camera.film(time(i), at(ADA, 300, 300)));
                filmed.add(door.film(time(i), at(ADA, 300, 300)));
            }
            filmed.addAll(door.film(4, 10));
            return filmed;
        }
    },

    WHO_LEAVES_AND_RETURNS(
            new Visit(
                    "Ada 20 frames 0.0 to 21.8 s", "appeared 1, updated 2 Ada, left 3 Ada, returned 4 Ada, left 5 Ada"),
            named("Ada", "10 frames 60.0 to 61.8 s")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            List<Filmed> filmed = new ArrayList<>(camera.film(0, 2, at(ADA, 300, 300)));
            filmed.addAll(camera.film(2, 20));
            filmed.addAll(camera.film(20, 22, at(ADA, 1000, 500)));
            filmed.addAll(camera.film(22, 60)); // longer than the time to rejoin
            filmed.addAll(camera.film(60, 62, at(ADA, 300, 300)));
            return filmed;
        }
    },

    FRAMES_THAT_COME_LATE_AND_OUT_OF_ORDER(named("Ada", "29 frames 0.0 to 5.8 s")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            List<Filmed> filmed = new ArrayList<>(camera.film(0, 6, at(ADA, 300, 300)));
            Filmed twice = filmed.get(20);
            Filmed late = filmed.remove(9);
            Filmed tooLate = filmed.remove(3); // by more than the absence
            Collections.swap(filmed, 4, 5);
            Collections.swap(filmed, 10, 13);
            filmed.addAll(List.of(twice, late, tooLate));
            return filmed;
        }
    },

    /** For a while one replica has the new version and the other does not. */
    A_MODEL_SWITCH(
            named("Ada", "30 frames 0.0 to 5.8 s"),
            new Visit("nobody-near 30 frames 0.0 to 5.8 s", "appeared 1, left 2")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            return frames(30, i -> {
                String version = i < 10 || i < 16 && i % 2 == 0 ? "first-version" : "second-version";
                return camera.film(time(i), version, at(ADA, 300 + 40 * i, 300), at(STRANGER, 900 - 20 * i, 500));
            });
        }
    },

    A_SWAP_OF_THE_GALLERY_THAT_NAMES_WHO_IS_THERE(named("Eve", "150 frames 0.0 to 29.8 s")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            Somebody eve = new Somebody("Eve", false);
            List<Filmed> filmed = new ArrayList<>(camera.film(0, 20, at(eve, 300, 300)));
            eve.enrol();
            filmed.addAll(camera.film(20, 30, at(eve, 300, 300)));
            return filmed;
        }
    },

    A_SWAP_OF_THE_GALLERY_THAT_TAKES_A_NAME_BACK(new Visit(
            "Bob 200 frames 0.0 to 39.8 s", "appeared 1, updated 2 Ada, updated 3 Bob not Ada, left 4 Bob not Ada")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            Somebody bob = new Somebody("Bob", true);
            bob.takeFor(ADA);
            List<Filmed> filmed = new ArrayList<>(camera.film(0, 15, at(bob, 300, 300)));
            bob.takeFor(bob);
            filmed.addAll(camera.film(15, 40, at(bob, 300, 300)));
            return filmed;
        }
    },

    A_BUSY_MINUTE(
            new Visit(
                    "Ada 119 frames 0.0 to 35.8 s",
                    "appeared 1, updated 2 Ada, left 3 Ada, returned 4 Ada, left 5 Ada"),
            new Visit("nobody-near 309 frames 4.2 to 65.8 s", "appeared 1, left 2"),
            named("Bob", "14 frames 40.2 to 42.8 s"),
            named("Bob", "19 frames 76.2 to 79.8 s")) {
        @Override
        List<Filmed> people(FilmedCamera camera) {
            return frames(400, i -> {
                List<Shown> shown = new ArrayList<>();
                if (i < 60 || i > 120 && i < 180) {
                    shown.add(at(ADA, 200 + i % 60, 300));
                }
                if (i > 20 && i < 330) {
                    shown.add(at(STRANGER, 900 - i % 80, 300));
                }
                if (i > 200 && i < 215 || i > 380) {
                    shown.add(at(BOB, 600, 500));
                }
                return camera.film(time(i), shown.toArray(Shown[]::new));
            });
        }
    };

    private static final Somebody ADA = new Somebody("Ada", true);
    private static final Somebody BOB = new Somebody("Bob", true);
    private static final Somebody STRANGER = new Somebody("Stranger", false);

    private final List<Visit> visits;

    /**
     * What is told of a visit.
     *
     * @param row in the last message: the name, or the reason why there is none, the number of frames, and when the
     *     visit began and ended
     * @param messages change, sequence and name of each, and whose name it supersedes
     */
    record Visit(String row, String messages) {}

    HardCase(Visit... visits) {
        this.visits = List.of(visits);
    }

    private static List<Filmed> frames(int number, IntFunction<Filmed> film) {
        return IntStream.range(0, number).mapToObj(film).toList();
    }

    private static Duration time(int frame) {
        return Duration.ofMillis(200L * frame);
    }

    private static Visit[] crowd() {
        return IntStream.range(0, 30)
                .mapToObj(i -> {
                    String times = String.format(
                            Locale.ROOT, "45 frames %.1f to %.1f s", i % 10 == 0 ? 0.2 : 0, i % 10 == 1 ? 9.6 : 9.8);
                    return i % 2 == 0
                            ? named("Person " + i, times)
                            : new Visit("nobody-near " + times, "appeared 1, left 2");
                })
                .toArray(Visit[]::new);
    }

    private static Visit named(String name, String framesAndTimes) {
        return new Visit(name + " " + framesAndTimes, String.format("appeared 1, updated 2 %1$s, left 3 %1$s", name));
    }

    /** The frames with people, at 5 a second. */
    abstract List<Filmed> people(FilmedCamera camera);

    /** All frames of the case, in the order in which they come; the same at each call. */
    List<Filmed> filmed() {
        FilmedCamera camera = new FilmedCamera(camera(), ordinal());
        List<Filmed> filmed = new ArrayList<>(people(camera));
        double end = filmed.size() / 5.0;
        filmed.addAll(camera.film(end, end + 6));
        return filmed;
    }

    /** About the number of the frame at which people cross, are covered, are enrolled, and so on. */
    int middle() {
        return people(new FilmedCamera(camera(), ordinal())).size() / 2;
    }

    private String camera() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    List<Visit> visits() {
        return visits;
    }
}
