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
 * Reads floating point numbers as JSON defines them. Jackson by itself reads the string {@code "NaN"} as NaN whatever
 * the coercion settings, {@code 1e999} as infinity, and a Base64 string as an array of numbers.
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
            context.reportWrongTokenException(type, JsonToken.VALUE_NUMBER_FLOAT, "expected a number");
        }
    }

    private static float finiteFloat(JsonParser json, DeserializationContext context) throws IOException {
        expectNumber(json, context, Float.class);
        float number = json.getFloatValue();
        if (!Float.isFinite(number)) {
            context.reportInputMismatch(Float.class, "the number is too large for 32 bits");
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
                context.reportInputMismatch(Double.class, "the number is too large for 64 bits");
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
                context.reportWrongTokenException(float[].class, JsonToken.START_ARRAY, "expected an array");
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
