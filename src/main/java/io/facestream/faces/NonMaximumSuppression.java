package io.facestream.faces;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Keeps one of the overlapping boxes that a detector finds for one face. */
public final class NonMaximumSuppression {
    /** The divisor of the area that two boxes share. */
    public enum Overlap {
        OF_UNION {
            @Override
            float between(Box one, Box other) {
                return one.intersectionOverUnion(other);
            }
        },
        /** Also finds a small box inside a large one. */
        OF_SMALLER {
            @Override
            float between(Box one, Box other) {
                float ofUnion = one.intersectionOverUnion(other);
                float intersection = ofUnion / (1 + ofUnion) * (one.area() + other.area());
                return intersection / Math.min(one.area(), other.area());
            }
        };

        /** 0 to 1. */
        abstract float between(Box one, Box other);
    }

    private NonMaximumSuppression() {}

    /**
     * Returns, in order, the items whose box overlaps no earlier kept box by more than {@code limit}.
     *
     * @param items most confident first
     * @param limit 0 to 1
     */
    public static <T> List<T> suppress(List<T> items, Function<T, Box> box, Overlap overlap, float limit) {
        List<T> kept = new ArrayList<>();
        for (T item : items) {
            Box candidate = box.apply(item);
            if (kept.stream().noneMatch(winner -> overlap.between(box.apply(winner), candidate) > limit)) {
                kept.add(item);
            }
        }
        return kept;
    }
}
