package io.facestream.video;

/**
 * A small grey picture for comparing frames: neither turned nor stretched to square pixels.
 *
 * @param pixels row by row, without padding; not copied, since it is made for one reader
 */
public record GreyPicture(int width, int height, byte[] pixels) {
    /** @throws IllegalArgumentException if the sizes contradict each other */
    public GreyPicture {
        if (width < 1 || height < 1 || pixels.length != width * height) {
            throw new IllegalArgumentException(width + "x" + height + " pixels in " + pixels.length + " bytes");
        }
    }
}
