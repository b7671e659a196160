package io.facestream.frames;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/**
 * Checks whether a JPEG is complete, without decoding pixels (ITU-T T.81, annexes B, F and G). Decoders fill missing
 * parts with grey or garbage, and report it only on standard error.
 *
 * <p>Supports baseline, extended and progressive pictures with Huffman codes, which covers everything that cameras
 * produce. Other kinds are left to the decoder.
 */
final class JpegFile {
    private static final int SOF0 = 0xc0;
    private static final int SOF1 = 0xc1;
    private static final int SOF2 = 0xc2;
    private static final int DHT = 0xc4;
    private static final int JPG = 0xc8;
    private static final int DAC = 0xcc;
    private static final int SOF15 = 0xcf;
    private static final int RST0 = 0xd0;
    private static final int RST7 = 0xd7;
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int DRI = 0xdd;
    private static final int TEM = 0x01;

    /**
     * Encoders may leave a few bytes after a scan; webcams are known to leave two. More bytes mean lost macroblocks.
     */
    private static final int STRAY_BYTES = 16;

    private final byte[] jpeg;
    private final HuffmanTable[] dcTables = new HuffmanTable[4];
    private final HuffmanTable[] acTables = new HuffmanTable[4];
    private final List<JpegComponent> components = new ArrayList<>();
    private boolean progressive;
    private boolean known = true;
    private boolean stray;
    private int restartInterval;
    private int scans;

    private JpegFile(byte[] jpeg) {
        this.jpeg = jpeg;
        dcTables[0] = HuffmanTable.standard(JPEGHuffmanTable.StdDCLuminance);
        acTables[0] = HuffmanTable.standard(JPEGHuffmanTable.StdACLuminance);
        dcTables[1] = HuffmanTable.standard(JPEGHuffmanTable.StdDCChrominance);
        acTables[1] = HuffmanTable.standard(JPEGHuffmanTable.StdACChrominance);
    }

    /**
     * The result of the check.
     *
     * @param damage a description of what is missing; empty if the picture is complete or cannot be checked
     * @param plain whether the decoder will find nothing to report
     * @param components 1 for grey, 3 for colour, 4 for CMYK; 0 if unknown
     */
    record Verdict(Optional<String> damage, boolean plain, int components) {}

    /** @throws IllegalArgumentException if it contains no picture that could be decoded */
    static Verdict read(byte[] jpeg) {
        JpegFile file = new JpegFile(jpeg);
        Optional<String> damage = file.damage();
        return new Verdict(damage, damage.isEmpty() && (!file.known || !file.stray), file.components.size());
    }

    /** Counts the scans, up to a limit. */
    static int scans(byte[] jpeg, int limit) {
        int scans = 0;
        int at = 2;
        while (scans < limit) {
            at = EntropyBits.nextMarker(jpeg, at);
            if (at + 4 > jpeg.length || (jpeg[at + 1] & 0xff) == EOI) {
                return scans;
            }
            int marker = jpeg[at + 1] & 0xff;
            scans += marker == SOS ? 1 : 0;
            at += isAlone(marker) ? 2 : 2 + Math.max(2, u16(jpeg, at + 2));
        }
        return scans;
    }

    private static boolean isAlone(int marker) {
        return marker >= RST0 && marker <= SOI || marker == TEM;
    }

    private static int u16(byte[] jpeg, int at) {
        return (jpeg[at] & 0xff) << 8 | jpeg[at + 1] & 0xff;
    }

    private Optional<String> damage() {
        int at = 2;
        while (true) {
            int marker = EntropyBits.nextMarker(jpeg, at);
            stray |= !isFill(at, marker);
            at = marker;
            if (at + 2 > jpeg.length) {
                return Optional.of("it breaks off");
            }
            int code = jpeg[at + 1] & 0xff;
            if (code == EOI) {
                return missing();
            }
            at += 2;
            if (isAlone(code)) {
                stray = true;
                continue;
            }
            int end = at + 2 > jpeg.length ? jpeg.length + 1 : at + u16(jpeg, at);
            if (end > jpeg.length || end < at + 2) {
                return Optional.of("it breaks off");
            }
            if (code == SOS) {
                if (!known) {
                    return Optional.empty();
                }
                Scan scan = scan(at + 2, end);
                scans++;
                Optional<String> damage = scan.damage();
                if (damage.isPresent()) {
                    return damage;
                }
                at = scan.bits.marker();
            } else {
                segment(code, at + 2, end);
                at = end;
            }
        }
    }

    private boolean isFill(int from, int to) {
        for (int i = from; i < to; i++) {
            if (jpeg[i] != (byte) 0xff) {
                return false;
            }
        }
        return true;
    }

    private void segment(int code, int at, int end) {
        switch (code) {
            case DHT -> huffmanTables(at, end);
            case DRI -> restartInterval = at + 2 <= end ? u16(jpeg, at) : 0;
            case SOF0, SOF1, SOF2 -> frame(code, at, end);
            default -> known &= code < SOF0 || code > SOF15 || code == JPG || code == DAC;
        }
    }

    private void huffmanTables(int at, int end) {
        int next = at;
        while (next + 1 + HuffmanTable.LONGEST <= end) {
            HuffmanTable[] tables = (jpeg[next] & 0x10) == 0 ? dcTables : acTables;
            int number = jpeg[next] & 3;
            int[] counts = new int[HuffmanTable.LONGEST];
            int symbols = 0;
            for (int i = 0; i < counts.length; i++) {
                counts[i] = jpeg[next + 1 + i] & 0xff;
                symbols += counts[i];
            }
            int from = next + 1 + HuffmanTable.LONGEST;
            if (symbols > 256 || from + symbols > end) {
                throw new IllegalArgumentException("a code table that reaches beyond its segment");
            }
            tables[number] = new HuffmanTable(counts, Arrays.copyOfRange(jpeg, from, from + symbols));
            next = from + symbols;
        }
    }

    private void frame(int code, int at, int end) {
        int count = at + 6 <= end ? jpeg[at + 5] & 0xff : 0;
        if (count < 1 || count > 4 || at + 6 + 3 * count > end || !components.isEmpty()) {
            throw new IllegalArgumentException("a frame header that cannot be read");
        }
        progressive = code == SOF2;
        known &= jpeg[at] == 8;
        int height = u16(jpeg, at + 1);
        int width = u16(jpeg, at + 3);
        int widest = 1;
        int highest = 1;
        for (int i = 0; i < count; i++) {
            int sampling = jpeg[at + 7 + 3 * i] & 0xff;
            if (sampling >> 4 < 1 || sampling >> 4 > 4 || (sampling & 15) < 1 || (sampling & 15) > 4) {
                throw new IllegalArgumentException("sampling factors are 1 to 4");
            }
            widest = Math.max(widest, sampling >> 4);
            highest = Math.max(highest, sampling & 15);
        }
        for (int i = 0; i < count; i++) {
            int sampling = jpeg[at + 7 + 3 * i] & 0xff;
            components.add(new JpegComponent(
                    jpeg[at + 6 + 3 * i] & 0xff,
                    sampling >> 4,
                    sampling & 15,
                    ceilDiv(width * (sampling >> 4), 8 * widest),
                    ceilDiv(height * (sampling & 15), 8 * highest),
                    ceilDiv(width, 8 * widest),
                    ceilDiv(height, 8 * highest),
                    progressive));
        }
    }

    private static int ceilDiv(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private Scan scan(int at, int end) {
        int count = at < end ? jpeg[at] & 0xff : 0;
        if (count < 1 || count > 4 || at + 1 + 2 * count + 3 > end || components.isEmpty()) {
            throw new IllegalArgumentException("a scan header that cannot be read");
        }
        List<JpegComponent> scanned = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = jpeg[at + 1 + 2 * i] & 0xff;
            int tables = jpeg[at + 2 + 2 * i] & 0xff;
            JpegComponent component = components.stream()
                    .filter(candidate -> candidate.id == id)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("a scan of an undeclared component"));
            component.dc = dcTables[tables >> 4 & 3];
            component.ac = acTables[tables & 3];
            scanned.add(component);
        }
        int parameters = at + 1 + 2 * count;
        return new Scan(
                scanned,
                jpeg[parameters] & 0xff,
                jpeg[parameters + 1] & 0xff,
                (jpeg[parameters + 2] & 0xff) >> 4,
                jpeg[parameters + 2] & 15,
                new EntropyBits(jpeg, end));
    }

    /** What is missing after all scans, although each scan was complete. */
    private Optional<String> missing() {
        if (scans == 0) {
            throw new IllegalArgumentException("no scan");
        }
        return components.stream().allMatch(JpegComponent::isWhole)
                ? Optional.empty()
                : Optional.of("it ends after scan " + scans + ", before all of its data");
    }

    /** One pass over the blocks, and its bits. */
    private final class Scan {
        private final List<JpegComponent> scanned;
        private final int first;
        private final int last;
        private final int high;
        private final int low;
        private final EntropyBits bits;

        Scan(List<JpegComponent> scanned, int first, int last, int high, int low, EntropyBits bits) {
            this.scanned = scanned;
            this.first = progressive ? first : 0;
            this.last = progressive ? last : 63;
            this.high = progressive ? high : 0;
            this.low = progressive ? low : 0;
            this.bits = bits;
            boolean fits =
                    this.first <= this.last && this.last < 64 && (this.first > 0 || !progressive || this.last == 0);
            if (!fits || progressive && this.first > 0 && scanned.size() > 1) {
                throw new IllegalArgumentException("a scan of coefficients " + first + " to " + last);
            }
            stray |= !progressive && (first != 0 || last != 63 || high != 0 || low != 0);
            for (JpegComponent component : scanned) {
                if (this.first == 0 && this.high == 0 && component.dc == null
                        || this.last > 0 && component.ac == null) {
                    throw new IllegalArgumentException("a scan without its code table");
                }
                stray |= !component.isNext(this.first, this.last, this.high);
            }
        }

        Optional<String> damage() {
            boolean interleaved = scanned.size() > 1;
            JpegComponent only = scanned.get(0);
            int columns = interleaved ? only.mcusAcross : only.blocksAcross;
            long units = (long) columns * (interleaved ? only.mcusDown : only.blocksDown);
            int restart = 0;
            for (long unit = 0; unit < units; unit++) {
                if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0) {
                    if (!restarted(RST0 + restart)) {
                        return Optional.of(place("a restart marker is missing", unit, units));
                    }
                    restart = (restart + 1) % 8;
                }
                int x = (int) (unit % columns);
                int y = (int) (unit / columns);
                boolean read = interleaved ? readAll(x, y) : read(only, x, y);
                if (!read) {
                    return Optional.of(place("invalid codes", unit, units));
                }
                if (bits.ranOut()) {
                    return Optional.of(place("data ends", unit, units));
                }
            }
            int left = bits.bytesLeft();
            stray |= left > 0;
            if (left > STRAY_BYTES) {
                return Optional.of(left + " bytes of scan " + scans + " are left over");
            }
            scanned.forEach(component -> component.scanned(first, last, low));
            return Optional.empty();
        }

        private String place(String what, long unit, long units) {
            return what + " in scan " + scans + ", at block " + unit + " of " + units;
        }

        private boolean restarted(int expected) {
            int marker = bits.marker();
            if (bits.bytesLeft() > 0 || marker + 1 >= jpeg.length || (jpeg[marker + 1] & 0xff) != expected) {
                return false;
            }
            bits.passMarker();
            scanned.forEach(component -> component.endOfBand = 0);
            return true;
        }

        private boolean readAll(int x, int y) {
            for (JpegComponent component : scanned) {
                for (int i = 0; i < component.vertical; i++) {
                    for (int j = 0; j < component.horizontal; j++) {
                        if (!read(component, x * component.horizontal + j, y * component.vertical + i)) {
                            return false;
                        }
                    }
                }
            }
            return true;
        }

        private boolean read(JpegComponent component, int x, int y) {
            if (!progressive) {
                return component.readSequential(bits);
            }
            if (first == 0) {
                return component.readDc(bits, high > 0);
            }
            return high == 0 ? component.readAc(bits, x, y, first, last) : component.refineAc(bits, x, y, first, last);
        }
    }
}
