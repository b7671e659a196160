package io.facestream.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterAllocateTensors;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensorCount;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterInvoke;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterResizeInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelCreateFromFile;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorByteSize;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorCopyFromBuffer;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorCopyToBuffer;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorName;

import java.net.URISyntaxException;
import java.nio.file.Path;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import org.bytedeco.tensorflowlite.TfLiteTensor;

/** A network as it was published, run by TensorFlow Lite: the independent source of golden numbers. */
final class TfliteReference implements AutoCloseable {
    private final TfLiteModel model;
    private final TfLiteInterpreter interpreter;

    /** @param file in {@code models/original} on the class path */
    TfliteReference(String file) {
        model = TfLiteModelCreateFromFile(original(file).toString());
        interpreter = TfLiteInterpreterCreate(model, (TfLiteInterpreterOptions) null);
    }

    static Path original(String file) {
        try {
            return Path.of(TfliteReference.class
                    .getResource("/models/original/" + file)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs the network on {@code input} of that shape; {@link #output} then tells what came out. */
    void run(float[] input, int... shape) {
        assertThat(TfLiteInterpreterResizeInputTensor(interpreter, 0, shape, shape.length))
                .isZero();
        assertThat(TfLiteInterpreterAllocateTensors(interpreter)).isZero();
        try (FloatPointer values = new FloatPointer(input)) {
            TfLiteTensor tensor = TfLiteInterpreterGetInputTensor(interpreter, 0);
            assertThat(TfLiteTensorCopyFromBuffer(tensor, values, 4L * input.length))
                    .isZero();
        }
        assertThat(TfLiteInterpreterInvoke(interpreter)).isZero();
    }

    float[] output(String name) {
        for (int i = 0; i < TfLiteInterpreterGetOutputTensorCount(interpreter); i++) {
            TfLiteTensor tensor = TfLiteInterpreterGetOutputTensor(interpreter, i);
            if (TfLiteTensorName(tensor).getString().equals(name)) {
                float[] values = new float[(int) (TfLiteTensorByteSize(tensor) / 4)];
                try (FloatPointer copy = new FloatPointer(values.length)) {
                    assertThat(TfLiteTensorCopyToBuffer(tensor, copy, 4L * values.length))
                            .isZero();
                    copy.get(values);
                }
                return values;
            }
        }
        throw new IllegalArgumentException("no output " + name);
    }

    @Override
    public void close() {
        TfLiteInterpreterDelete(interpreter);
        TfLiteModelDelete(model);
    }
}
