package io.facestream.bench.gate;

import io.facestream.video.GreyPicture;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;

/**
 * A made scene whose truth is known: faces are put into frames of an empty room, and the light, the weather or the
 * sensor are against the gate. Each kind of trouble lasts for the whole scene. Grey pictures, row by row.
 */
final class GateScene {
    /** What makes it hard. */
    enum Trouble {
        /** Nothing but the room's own noise. */
        NONE,
        /** The light is switched every 20 to 60 s; it falls from one side. */
        LIGHT_SWITCH,
        /** The camera changes its exposure by up to a half within two frames, every 10 to 30 s. */
        EXPOSURE,
        /** A sensor's noise of 10 grey levels in a dark picture. */
        NIGHT,
        /** A tenth of the picture sways. */
        TREE,
        /** 60 streaks a frame. */
        RAIN,
        /** One person stands for ten minutes, and moves by a pixel every few seconds. */
        STANDING
    }

    private static final int TREE_PARTS = 10;
    private static final double NIGHT_NOISE = 10;
    private static final double DARK = 0.35;
    private static final double USUAL_NOISE = 1.5;
    private static final int STREAKS = 60;
    /** Drawn once; a row of a frame takes a stretch of them. */
    private static final int NOISES = 1 << 16;

    private static final double STANDING_SECONDS = 600;

    private final List<GreyPicture> room;
    private final List<GreyPicture> faces;
    private final Trouble trouble;
    private final double fps;
    private final Random random;
    private final double[] noises;

    private GreyPicture face;
    private double faceHeight;
    private double x;
    private double y;
    private double speed;
    private long untilFrame;
    private boolean present;
    private long frame;
    private double light = 1;
    private double side;
    private double exposure = 1;
    private double wantedExposure = 1;
    private long nextLight;

    /**
     * @param room frames of the room, of one size
     * @param faces pictures of faces
     */
    GateScene(List<GreyPicture> room, List<GreyPicture> faces, Trouble trouble, double fps, long seed) {
        this.room = room;
        this.faces = faces;
        this.trouble = trouble;
        this.fps = fps;
        random = new Random(seed);
        noises = DoubleStream.generate(random::nextGaussian).limit(NOISES).toArray();
        untilFrame = Math.round(20 * fps);
        nextLight = Math.round(15 * fps);
    }

    /** Whether a face is in a frame. */
    enum Presence {
        NOBODY,
        /** Less than half of one. */
        PARTLY,
        SOMEBODY
    }

    record Frame(GreyPicture picture, Presence presence) {}

    Frame next() {
        GreyPicture background = room.get(random.nextInt(room.size()));
        int width = background.width();
        int height = background.height();
        double[] picture = new double[width * height];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = background.pixels()[i] & 0xff;
        }
        if (trouble == Trouble.TREE) {
            sway(picture, width, height);
        }
        Presence presence = visit(picture, width, height);
        troubles(picture, width, height);
        frame++;
        byte[] pixels = new byte[picture.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(picture[i])));
        }
        return new Frame(new GreyPicture(width, height, pixels), presence);
    }

    private Presence visit(double[] picture, int width, int height) {
        if (frame >= untilFrame) {
            present = !present;
            if (present) {
                arrive(width, height);
            } else {
                untilFrame = frame + Math.round((5 + random.nextInt(30)) * fps);
            }
        }
        if (!present) {
            return Presence.NOBODY;
        }
        if (trouble == Trouble.STANDING) {
            x += random.nextInt((int) (3 * fps)) == 0 ? random.nextInt(3) - 1 : 0;
        } else {
            x += speed / fps;
        }
        paste(picture, width, height);
        double visible = Math.min(x + faceHeight, width) - Math.max(x, 0);
        if (visible <= -faceHeight) {
            untilFrame = frame;
        }
        if (visible <= 0) {
            return Presence.NOBODY;
        }
        return visible >= faceHeight / 2 ? Presence.SOMEBODY : Presence.PARTLY;
    }

    /** Somebody walks across the picture, or stays for a while. */
    private void arrive(int width, int height) {
        face = faces.get(random.nextInt(faces.size()));
        faceHeight = 40 + random.nextInt(100);
        y = random.nextDouble() * (height - faceHeight);
        boolean walks = random.nextInt(3) > 0 && trouble != Trouble.STANDING;
        boolean fromLeft = random.nextBoolean();
        // 1.75 face widths between frames at 5 frames a second is a brisk walker; slower ones are commoner.
        speed = walks ? (fromLeft ? 1 : -1) * faceHeight * (0.8 + 4 * random.nextDouble()) : random.nextDouble() - 0.5;
        x = walks ? (fromLeft ? -faceHeight : width) : random.nextDouble() * (width - faceHeight);
        double seconds = trouble == Trouble.STANDING ? STANDING_SECONDS : 2 + random.nextInt(20);
        untilFrame = frame + Math.round(seconds * fps);
    }

    private void paste(double[] picture, int width, int height) {
        int size = (int) Math.round(faceHeight);
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                int px = (int) Math.round(x) + column;
                int py = (int) Math.round(y) + row;
                // An oval, so that the corners of the photo do not help the gate.
                double dx = (column + 0.5) / size - 0.5;
                double dy = (row + 0.5) / size - 0.5;
                if (px < 0 || px >= width || py < 0 || py >= height || dx * dx / 0.16 + dy * dy / 0.25 > 1) {
                    continue;
                }
                int sx = column * face.width() / size;
                int sy = row * face.height() / size;
                picture[py * width + px] = face.pixels()[sy * face.width() + sx] & 0xff;
            }
        }
    }

    private void sway(double[] picture, int width, int height) {
        int from = width - width / TREE_PARTS;
        double[] before = picture.clone();
        double swing = 6 * Math.sin(frame / fps * 2 * Math.PI * 0.7) + random.nextGaussian();
        for (int row = 0; row < height; row++) {
            for (int column = from; column < width; column++) {
                int source = Math.max(
                        0, Math.min(width - 1, (int) Math.round(column + swing * (1 - row / (double) height))));
                double leaf = 60 * Math.sin(source * 0.7) * Math.cos(row * 0.5);
                picture[row * width + column] = before[row * width + source] * 0.6 + 50 + leaf;
            }
        }
    }

    private void troubles(double[] picture, int width, int height) {
        if (frame >= nextLight) {
            if (trouble == Trouble.LIGHT_SWITCH) {
                light = light == 1 ? 0.45 : 1;
                side = light == 1 ? 0 : 0.25 * (random.nextBoolean() ? 1 : -1);
                nextLight = frame + Math.round((20 + random.nextInt(40)) * fps);
            } else {
                wantedExposure = trouble == Trouble.EXPOSURE ? 0.67 + 0.8 * random.nextDouble() : 1;
                nextLight = frame + Math.round((10 + random.nextInt(20)) * fps);
            }
        }
        exposure += (wantedExposure - exposure) * 0.7;
        double noise = trouble == Trouble.NIGHT ? NIGHT_NOISE : USUAL_NOISE;
        double dark = trouble == Trouble.NIGHT ? DARK : 1;
        for (int row = 0; row < height; row++) {
            int drawn = random.nextInt(NOISES - width);
            for (int column = 0; column < width; column++) {
                double across = column / (double) width - 0.5;
                double lit = light * (1 + side * across * 2);
                int i = row * width + column;
                picture[i] = picture[i] * lit * exposure * dark + noises[drawn + column] * noise;
            }
        }
        if (trouble == Trouble.RAIN) {
            rain(picture, width, height);
        }
    }

    private void rain(double[] picture, int width, int height) {
        for (int i = 0; i < STREAKS; i++) {
            int column = random.nextInt(width);
            int top = random.nextInt(height);
            int length = 10 + random.nextInt(30);
            for (int row = top; row < Math.min(height, top + length); row++) {
                picture[row * width + column] += 60;
            }
        }
    }
}
