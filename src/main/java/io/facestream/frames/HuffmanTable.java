package io.facestream.frames;

import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/** One of a JPEG's code tables (ITU-T T.81, annex C): from bits to symbols. */
final class HuffmanTable {
    /** Codes have at most so many bits. */
    static final int LONGEST = 16;

    /** No code begins with these bits. */
    static final int NONE = -1;

    /** Codes up to this length are found in one step: nearly all that occur. */
    private static final int FAST_BITS = 10;

    /** By the next {@value #FAST_BITS} bits: length * 256 + symbol, or 0 where the code is longer. */
    private final int[] fast = new int[1 << FAST_BITS];

    /** By length: 1 + the greatest code of that length, shifted to the left of {@value #LONGEST} bits. */
    private final int[] end = new int[LONGEST + 1];

    /** By length: what, added to a code, is its symbol's place. */
    private final int[] place = new int[LONGEST + 1];

    private final byte[] symbols;

    /**
     * @param counts how many codes there are of each length, from 1 bit on: 16 numbers
     * @param symbols in the order of their codes
     * @throws IllegalArgumentException if there are more codes than bits tell apart
     */
    HuffmanTable(int[] counts, byte[] symbols) {
        this.symbols = symbols;
        int code = 0;
        int next = 0;
        for (int length = 1; length <= LONGEST; length++) {
            place[length] = next - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, next++) {
                if (code >= 1 << length) {
                    throw new IllegalArgumentException("more codes of " + length + " bits than there can be");
                }
                if (length <= FAST_BITS) {
                    int from = code << FAST_BITS - length;
                    java.util.Arrays.fill(
                            fast, from, from + (1 << FAST_BITS - length), length << 8 | symbols[next] & 0xff);
                }
            }
            end[length] = code << LONGEST - length;
            code <<= 1;
        }
    }

    /**
     * The code that begins there.
     *
     * @param bits the next {@value #LONGEST} bits
     * @return its length * 256 + its symbol, or {@link #NONE}
     */
    int find(int bits) {
        int found = fast[bits >>> LONGEST - FAST_BITS];
        return found != 0 ? found : findLong(bits);
    }

    private int findLong(int bits) {
        for (int length = FAST_BITS + 1; length <= LONGEST; length++) {
            if (bits < end[length]) {
                return length << 8 | symbols[(bits >>> LONGEST - length) + place[length]] & 0xff;
            }
        }
        return NONE;
    }

    /** A table of T.81's annex K. Cameras that send Motion JPEG leave these out; decoders know them. */
    static HuffmanTable standard(JPEGHuffmanTable table) {
        int[] counts = new int[LONGEST];
        short[] lengths = table.getLengths();
        for (int i = 0; i < lengths.length; i++) {
            counts[i] = lengths[i];
        }
        short[] values = table.getValues();
        byte[] symbols = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            symbols[i] = (byte) values[i];
        }
        return new HuffmanTable(counts, symbols);
    }
}
