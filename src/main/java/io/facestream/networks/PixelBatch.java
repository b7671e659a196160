package io.facestream.networks;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;

/**
 * Consecutive pictures of one size, in the format of the shipped networks: {@code uint8 [count, height, width, 3]},
 * RGB.
 *
 * @param pixels a direct buffer that starts with them; it is copied when the batch is run
 */
public record PixelBatch(ByteBuffer pixels, int count, int height, int width) {
    public PixelBatch {
        if (count < 1 || pixels.capacity() < (long) count * height * width * 3) {
            throw new IllegalArgumentException(
                    pixels.capacity() + " bytes cannot be " + count + " pictures of " + width + "x" + height);
        }
    }

    /** Feeds batches to a network; subclasses read the output. */
    public abstract static class Translator<O> implements NoBatchifyTranslator<PixelBatch, O> {
        @Override
        public NDList processInput(TranslatorContext context, PixelBatch batch) {
            Shape shape = new Shape(batch.count(), batch.height(), batch.width(), 3);
            ByteBuffer pixels = batch.pixels().slice(0, (int) shape.size());
            return new NDList(context.getNDManager().create(pixels, shape, DataType.UINT8));
        }
    }
}
