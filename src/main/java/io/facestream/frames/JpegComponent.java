package io.facestream.frames;

import java.util.Arrays;

/** One of a JPEG's colour components: its blocks, and which of their coefficients have been read. */
final class JpegComponent {
    private static final int COEFFICIENTS = 64;

    /** A magnitude has at most 15 bits (ITU-T T.81, table F.1). */
    private static final int MOST_BITS = 15;

    private static final int ZEROS = 15;
    private static final int NEVER = Integer.MAX_VALUE;

    final int id;
    final int horizontal;
    final int vertical;
    final int blocksAcross;
    final int blocksDown;
    final int mcusAcross;
    final int mcusDown;
    HuffmanTable dc;
    HuffmanTable ac;

    /** In a progressive scan: how many following blocks have no more coefficients. */
    int endOfBand;

    private final int stride;

    /** In a progressive picture: for each block, a bit set of its coefficients that are not zero. */
    private final long[] present;

    /** By coefficient: the lowest bit received. */
    private final int[] precision = new int[COEFFICIENTS];

    /** @param blocksAcross visible blocks; whole MCUs may contain more */
    JpegComponent(
            int id,
            int horizontal,
            int vertical,
            int blocksAcross,
            int blocksDown,
            int mcusAcross,
            int mcusDown,
            boolean progressive) {
        this.id = id;
        this.horizontal = horizontal;
        this.vertical = vertical;
        this.blocksAcross = blocksAcross;
        this.blocksDown = blocksDown;
        this.mcusAcross = mcusAcross;
        this.mcusDown = mcusDown;
        this.stride = mcusAcross * horizontal;
        this.present = progressive ? new long[Math.multiplyExact(stride, mcusDown * vertical)] : new long[0];
        Arrays.fill(precision, NEVER);
    }

    /** Notes a complete scan of these coefficients, down to bit {@code low}. */
    void scanned(int first, int last, int low) {
        endOfBand = 0;
        Arrays.fill(precision, first, last + 1, low);
    }

    /** Whether a scan of these coefficients continues where earlier scans ended. */
    boolean isNext(int first, int last, int high) {
        for (int k = first; k <= last; k++) {
            if (high != (precision[k] == NEVER ? 0 : precision[k])) {
                return false;
            }
        }
        return true;
    }

    /** Whether every coefficient has been received to its last bit. */
    boolean isWhole() {
        return Arrays.stream(precision).allMatch(low -> low == 0);
    }

    /** Reads a block of a baseline or extended scan (F.2.2); false if its codes are invalid. */
    boolean readSequential(EntropyBits bits) {
        if (!readDc(bits, false)) {
            return false;
        }
        int k = 1;
        while (k < COEFFICIENTS) {
            int symbol = bits.symbol(ac);
            int size = symbol & 15;
            if (symbol < 0) {
                return false;
            }
            if (size == 0) {
                if (symbol >> 4 != ZEROS) {
                    return true;
                }
                k += ZEROS + 1;
            } else {
                k += (symbol >> 4) + 1;
                bits.skip(size);
            }
        }
        return k == COEFFICIENTS;
    }

    /** Reads a block's first coefficient: all of it, or one more bit (G.1.2.1). */
    boolean readDc(EntropyBits bits, boolean refine) {
        if (refine) {
            bits.take(1);
            return true;
        }
        int size = bits.symbol(dc);
        if (size < 0 || size > MOST_BITS) {
            return false;
        }
        bits.skip(size);
        return true;
    }

    /** Reads a block's coefficients, down to some bit (G.1.2.2). */
    boolean readAc(EntropyBits bits, int x, int y, int first, int last) {
        if (endOfBand > 0) {
            endOfBand--;
            return true;
        }
        int k = first;
        while (k <= last) {
            int symbol = bits.symbol(ac);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (symbol < 0) {
                return false;
            }
            if (size == 0 && run < ZEROS) {
                endOfBand = (1 << run) - 1 + bits.take(run);
                return true;
            }
            k += run;
            if (size > 0) {
                if (k > last) {
                    return false;
                }
                bits.skip(size);
                present[y * stride + x] |= 1L << k;
            }
            k++;
        }
        return k == last + 1;
    }

    /** Reads one more bit of a block's coefficients (G.1.2.3). */
    boolean refineAc(EntropyBits bits, int x, int y, int first, int last) {
        int block = y * stride + x;
        long before = present[block];
        int k = first;
        while (endOfBand == 0 && k <= last) {
            int symbol = bits.symbol(ac);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (symbol < 0 || size > 1) {
                return false;
            }
            if (size == 0 && run < ZEROS) {
                endOfBand = (1 << run) + bits.take(run);
                break;
            }
            bits.skip(size);
            while (k <= last && (run > 0 || (before >>> k & 1) != 0)) {
                if ((before >>> k & 1) != 0) {
                    bits.take(1);
                } else {
                    run--;
                }
                k++;
            }
            if (k > last && (size > 0 || run > 0)) {
                return false;
            }
            if (size > 0) {
                present[block] |= 1L << k;
            }
            k++;
        }
        if (endOfBand > 0) {
            endOfBand--;
            for (long rest = before & -1L << k & -1L >>> COEFFICIENTS - 1 - last; rest != 0; rest &= rest - 1) {
                bits.take(1);
            }
        }
        return true;
    }
}
