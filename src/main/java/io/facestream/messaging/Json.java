package io.facestream.messaging;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The JSON of every message. Times are in ISO 8601, absent values are left out, and unknown fields are ignored. Types
 * are strict: a number in a string is refused, and so is the reverse. NaN, infinity and deep nesting are refused.
 */
public final class Json {
    /** Messages are four levels deep; Jackson's own limit of 1,000 can overflow the stack where types are recursive. */
    private static final int MAX_DEPTH = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                    .build())
            .addModules(new JavaTimeModule(), new Jdk8Module(), new FiniteNumbers())
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .build();

    private Json() {}

    public static byte[] write(Object message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot write as JSON: " + message.getClass(), e);
        }
    }

    /** @throws RejectedException {@link RejectReason#BAD_MESSAGE} if the bytes are not valid JSON of that type */
    public static <T> T read(byte[] json, Class<T> type) throws RejectedException {
        T message;
        try {
            message = MAPPER.readValue(json, type);
        } catch (ValueInstantiationException e) {
            throw new RejectedException(RejectReason.BAD_MESSAGE, refusal(type, e), e);
        } catch (InvalidFormatException e) {
            throw new RejectedException(RejectReason.BAD_MESSAGE, refusal(type, e), e);
        } catch (IOException e) {
            throw new RejectedException(RejectReason.BAD_MESSAGE, notValid(type) + e.getMessage(), e);
        }
        if (message == null) {
            throw new RejectedException(RejectReason.BAD_MESSAGE, "JSON null instead of a " + type.getSimpleName());
        }
        return message;
    }

    /** What a constructor says that refuses a value, in its own words. */
    private static String refusal(Class<?> type, ValueInstantiationException e) {
        return e.getCause() instanceof IllegalArgumentException
                ? e.getCause().getMessage()
                : notValid(type) + e.getMessage();
    }

    /** Which field it is, without what stands there: Jackson repeats it, and it may be somebody's name. */
    private static String refusal(Class<?> type, InvalidFormatException e) {
        String field = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
        return notValid(type) + field + " is not " + wanted(e.getTargetType());
    }

    private static String wanted(Class<?> type) {
        return type.isEnum()
                ? Stream.of(type.getEnumConstants())
                        .map(value -> MAPPER.convertValue(value, String.class))
                        .collect(Collectors.joining(", ", "one of ", ""))
                : "a valid " + type.getSimpleName();
    }

    private static String notValid(Class<?> type) {
        return "not valid JSON of a " + type.getSimpleName() + ": ";
    }
}
