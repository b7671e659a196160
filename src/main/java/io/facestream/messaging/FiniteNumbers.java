package io.facestream.messaging;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers.DoubleDeserializer;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers.FloatDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads floating point numbers as JSON defines them. Jackson alone makes NaN of the string {@code "NaN"} whatever it is
 * told about coercion, infinity of {@code 1e999}, and an array of numbers of a Base64 string.
 */
final class FiniteNumbers extends SimpleModule {
    private static final long serialVersionUID = 1L;

    FiniteNumbers() {
        addDeserializer(Float.TYPE, new FiniteFloat(Float.TYPE, 0f));
        addDeserializer(Float.class, new FiniteFloat(Float.class, null));
        addDeserializer(Double.TYPE, new FiniteDouble(Double.TYPE, 0d));
        addDeserializer(Double.class, new FiniteDouble(Double.class, null));
        addDeserializer(float[].class, new FiniteFloats());
    }

    private static void expectNumber(JsonParser json, DeserializationContext context, Class<?> type)
            throws IOException {
        if (!json.currentToken().isNumeric()) {
            context.reportWrongTokenException(type, JsonToken.VALUE_NUMBER_FLOAT, "a number is expected");
        }
    }

    private static float finiteFloat(JsonParser json, DeserializationContext context) throws IOException {
        expectNumber(json, context, Float.class);
        float number = json.getFloatValue();
        if (!Float.isFinite(number)) {
            context.reportInputMismatch(Float.class, "a number too large for 32 bits");
        }
        return number;
    }

    private static final class FiniteFloat extends FloatDeserializer {
        private static final long serialVersionUID = 1L;

        FiniteFloat(Class<Float> type, Float whereNull) {
            super(type, whereNull);
        }

        @Override
        public Float deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return finiteFloat(json, context);
        }
    }

    private static final class FiniteDouble extends DoubleDeserializer {
        private static final long serialVersionUID = 1L;

        FiniteDouble(Class<Double> type, Double whereNull) {
            super(type, whereNull);
        }

        @Override
        public Double deserialize(JsonParser json, DeserializationContext context) throws IOException {
            expectNumber(json, context, Double.class);
            double number = json.getDoubleValue();
            if (!Double.isFinite(number)) {
                context.reportInputMismatch(Double.class, "a number too large for 64 bits");
            }
            return number;
        }
    }

    private static final class FiniteFloats extends StdDeserializer<float[]> {
        private static final long serialVersionUID = 1L;

        FiniteFloats() {
            super(float[].class);
        }

        @Override
        public float[] deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (!json.isExpectedStartArrayToken()) {
                context.reportWrongTokenException(float[].class, JsonToken.START_ARRAY, "an array is expected");
            }
            float[] numbers = new float[256];
            int count = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * count);
                }
                numbers[count++] = finiteFloat(json, context);
            }
            return Arrays.copyOf(numbers, count);
        }
    }
}
