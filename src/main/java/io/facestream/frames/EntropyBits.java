package io.facestream.frames;

/** The bits of a JPEG's entropy-coded segment, up to the marker that ends it (ITU-T T.81, F.2.2.5). */
final class EntropyBits {
    private static final int FILL_TO = 48;

    private final byte[] jpeg;
    private int at;
    private long bits;
    private int count;
    /** Zero bits appended after the end of the segment. */
    private int madeUp;

    EntropyBits(byte[] jpeg, int start) {
        this.jpeg = jpeg;
        this.at = start;
    }

    /** Consumes the next code and returns its symbol, or {@link HuffmanTable#NONE} if the bits do not form a code. */
    int symbol(HuffmanTable table) {
        if (count < 2 * HuffmanTable.LONGEST) {
            fill();
        }
        int found = table.find((int) (bits >>> count - HuffmanTable.LONGEST) & 0xffff);
        if (found == HuffmanTable.NONE) {
            return found;
        }
        count -= found >> 8;
        return found & 0xff;
    }

    /** Skips at most 16 bits, directly after a symbol. */
    void skip(int number) {
        count -= number;
    }

    /** Consumes at most 16 bits. */
    int take(int number) {
        if (count < number) {
            fill();
        }
        count -= number;
        return (int) (bits >>> count) & (1 << number) - 1;
    }

    private void fill() {
        while (count <= FILL_TO) {
            int next = at < jpeg.length ? jpeg[at] & 0xff : 0xff;
            if (next == 0xff) {
                next = afterFill();
                if (next < 0) {
                    bits <<= 8;
                    count += 8;
                    madeUp += 8;
                    continue;
                }
            } else {
                at++;
            }
            bits = bits << 8 | next;
            count += 8;
        }
    }

    /** Consumes a data byte FF, which is followed by 0. Returns -1, without moving, before a marker or the end. */
    private int afterFill() {
        int following = at;
        while (following < jpeg.length && jpeg[following] == (byte) 0xff) {
            following++;
        }
        if (following < jpeg.length && jpeg[following] == 0) {
            at = following + 1;
            return 0xff;
        }
        return -1;
    }

    /** Whether more bits were consumed than exist before the marker. */
    boolean ranOut() {
        return madeUp > count;
    }

    /** Whole bytes, other than fill, between here and the next marker. */
    int bytesLeft() {
        int left = Math.max(0, count - madeUp) / 8;
        int marker = marker();
        for (int i = at; i < marker; i++) {
            left += jpeg[i] == 0 || jpeg[i] == (byte) 0xff ? 0 : 1;
        }
        return left;
    }

    /** Where the next marker's FF is, or the end of the file. */
    int marker() {
        return nextMarker(jpeg, at);
    }

    /** Continues after the next marker, which has no content. */
    void passMarker() {
        at = Math.min(jpeg.length, marker() + 2);
        bits = 0;
        count = 0;
        madeUp = 0;
    }

    /** The first FF from there on that is followed by a marker's code: neither 0, which is data, nor another FF. */
    static int nextMarker(byte[] jpeg, int from) {
        for (int i = from; i < jpeg.length - 1; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] != 0 && jpeg[i + 1] != (byte) 0xff) {
                return i;
            }
        }
        return jpeg.length;
    }
}
