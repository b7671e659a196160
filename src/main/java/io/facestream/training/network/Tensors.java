package io.facestream.training.network;

import java.nio.ByteBuffer;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Between TensorFlow's tensors and arrays. */
final class Tensors {
    private Tensors() {}

    /** A number that is fed at each run. */
    static Operand<TFloat32> scalarOf(Ops tf) {
        return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    }

    /** @param pixels direct, starts with {@code [count, 112, 112, 3]}, RGB */
    static TUint8 images(ByteBuffer pixels, int count) {
        Shape shape = Shape.of(count, NetworkGraph.INPUT_SIDE, NetworkGraph.INPUT_SIDE, 3);
        return TUint8.tensorOf(shape, DataBuffers.of(pixels.slice(0, Math.toIntExact(shape.size()))));
    }

    static TFloat32 matrix(float[][] rows) {
        return rows.length == 0 ? TFloat32.tensorOf(Shape.of(0, 0)) : TFloat32.tensorOf(StdArrays.ndCopyOf(rows));
    }

    static float scalar(Result result, int index) {
        return ((TFloat32) result.get(index)).getFloat();
    }

    static float[][] rows(Result result, int index) {
        return StdArrays.array2dCopyOf((TFloat32) result.get(index));
    }

    /** The root of the mean square. */
    static float rms(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return (float) Math.sqrt(squares / values.length);
    }
}
