package io.facestream.sightings.visits;

import io.facestream.faces.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A camera before which people enter, cross, stand, leave, return and are covered, with exact truth. The picture has
 * 1280 x 720 pixels. Walkers move by up to 8.75 widths of their face a second: 1.75 between frames at 5 frames/s.
 *
 * @param frames from the first to the last
 * @param visits of the truth; a face that is away for less than the rejoin is one visit
 * @param framesPerSecond of the camera
 */
record Scene(List<Frame> frames, List<Truth> visits, int framesPerSecond) {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 720;
    private static final double MOST_WIDTHS_PER_SECOND = 8.75;

    /** Longer than the rejoin, after which the same person is another visit. */
    private static final double AWAY = 32;

    /** @param seconds since the scene began */
    record Frame(double seconds, List<Shown> shown) {}

    /** @param visit its place in the list of visits, or -1 for a false face */
    record Shown(Box box, float size, String person, int visit) {}

    /** One visit as it is. */
    static final class Truth {
        final String person;
        double firstSeen = -1;
        double lastSeen = -1;
        int frames;

        Truth(String person) {
            this.person = person;
        }
    }

    /** One way through the picture. */
    private static final class Walk {
        final int visit;
        final String person;
        final double begin;
        final double end;
        final double fromX;
        final double toX;
        final double fromY;
        final double toY;
        final double fromSize;
        final double toSize;
        final double stopAt;
        final double stopFor;
        final double coveredFrom;
        final double coveredTo;

        Walk(int visit, String person, double begin, Random random) {
            this.visit = visit;
            this.person = person;
            this.begin = begin;
            fromSize = 24 + random.nextDouble() * 80;
            toSize = Math.min(120, fromSize * (0.85 + random.nextDouble() * 0.5));
            boolean rightwards = random.nextBoolean();
            fromX = rightwards ? fromSize / 2 : WIDTH - fromSize / 2;
            toX = rightwards ? WIDTH - toSize / 2 : toSize / 2;
            fromY = 80 + random.nextDouble() * (HEIGHT - 160);
            toY = Math.max(70, Math.min(HEIGHT - 70, fromY + random.nextGaussian() * 80));
            double hurry =
                    random.nextDouble() < 0.3 ? 0.2 + 0.3 * random.nextDouble() : 0.5 + 0.5 * random.nextDouble();
            double walking =
                    Math.hypot(toX - fromX, toY - fromY) / (hurry * MOST_WIDTHS_PER_SECOND * (fromSize + toSize) / 2);
            stopFor = random.nextDouble() < 0.25 ? 2 + random.nextDouble() * 6 : 0;
            stopAt = walking * (0.3 + 0.4 * random.nextDouble());
            end = begin + walking + stopFor;
            double length = end - begin;
            boolean covered = length > 4 && random.nextDouble() < 0.3;
            coveredFrom = covered ? begin + 1.2 + random.nextDouble() * (length - 4) : end;
            coveredTo = covered ? coveredFrom + 1 + random.nextDouble() : end;
        }

        Box at(double seconds, Random random) {
            double since = seconds - begin;
            double moving = since < stopAt ? since : Math.max(stopAt, since - stopFor);
            double share = moving / (end - begin - stopFor);
            double size = fromSize + share * (toSize - fromSize);
            double x = fromX + share * (toX - fromX);
            double y = fromY + share * (toY - fromY) + size * 0.1 * Math.sin(since * 6);
            double width = size * (1 + jitter(random));
            double height = size * 1.2 * (1 + jitter(random));
            return new Box(
                    (float) (x + size * jitter(random) - width / 2),
                    (float) (y + size * jitter(random) - height / 2),
                    (float) width,
                    (float) height);
        }

        private static double jitter(Random random) {
            return (random.nextDouble() * 2 - 1) * 0.1;
        }

        boolean isSeen(double seconds) {
            return seconds >= begin && seconds <= end && !(seconds >= coveredFrom && seconds < coveredTo);
        }
    }

    /** @param people who may come by */
    static Scene of(List<String> people, int visits, int framesPerSecond, long seed) {
        Random random = new Random(seed);
        List<Truth> truth = new ArrayList<>();
        List<Walk> walks = new ArrayList<>();
        List<Frame> frames = new ArrayList<>();
        Map<String, Double> busyUntil = new HashMap<>();
        int together = 1 + random.nextInt(8);
        double changeAt = 30;
        double nextAt = 0;
        double until = Double.POSITIVE_INFINITY;
        for (int i = 0; i / (double) framesPerSecond < until; i++) {
            double now = i / (double) framesPerSecond;
            if (now >= changeAt) {
                together = 1 + random.nextInt(8);
                changeAt = now + 30;
            }
            long here = walks.stream()
                    .filter(walk -> now >= walk.begin && now <= walk.end)
                    .count();
            if (truth.size() < visits && now >= nextAt && here < together) {
                String person = free(people, busyUntil, now, random);
                Walk walk = new Walk(truth.size(), person, now, random);
                walks.add(walk);
                double end = walk.end;
                if (random.nextDouble() < 0.15) {
                    Walk back = new Walk(walk.visit, person, walk.end + 6 + random.nextDouble() * 18, random);
                    walks.add(back);
                    end = back.end;
                }
                busyUntil.put(person, end + AWAY);
                truth.add(new Truth(person));
                nextAt = now - Math.log(1 - random.nextDouble()) * 0.7;
                if (truth.size() == visits) {
                    until = walks.stream().mapToDouble(each -> each.end).max().orElse(now) + 40;
                }
            }
            frames.add(film(now, walks, truth, random));
            walks.removeIf(walk -> walk.end < now);
        }
        return new Scene(frames, truth, framesPerSecond);
    }

    private static String free(List<String> people, Map<String, Double> busyUntil, double now, Random random) {
        while (true) {
            String person = people.get(random.nextInt(people.size()));
            if (busyUntil.getOrDefault(person, -1.0) < now) {
                return person;
            }
        }
    }

    private static Frame film(double now, List<Walk> walks, List<Truth> truth, Random random) {
        List<Shown> all = new ArrayList<>();
        for (Walk walk : walks) {
            if (walk.isSeen(now)) {
                Box box = walk.at(now, random);
                all.add(new Shown(box, box.width(), walk.person, walk.visit));
            }
        }
        // the nearer face hides the farther one
        all.sort(Comparator.comparingDouble(shown -> -shown.size));
        List<Shown> seen = new ArrayList<>();
        for (Shown shown : all) {
            boolean hidden = seen.stream().anyMatch(near -> near.box.intersectionOverUnion(shown.box) > 0.35);
            if (!hidden) {
                seen.add(shown);
            }
        }
        seen.removeIf(shown -> random.nextDouble() < 0.1);
        for (Shown shown : seen) {
            Truth visit = truth.get(shown.visit);
            visit.firstSeen = visit.firstSeen < 0 ? now : visit.firstSeen;
            visit.lastSeen = now;
            visit.frames++;
        }
        if (random.nextDouble() < 0.02 * Math.max(1, seen.size())) {
            float size = 24 + random.nextFloat() * 96;
            Box box = new Box(random.nextFloat() * (WIDTH - size), random.nextFloat() * (HEIGHT - size), size, size);
            seen.add(new Shown(box, size, "", -1));
        }
        return new Frame(now, seen);
    }
}
