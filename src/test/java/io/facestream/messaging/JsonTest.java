package io.facestream.messaging;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {
    private static final String SOUND =
            """
            {"name":"Ada","count":3,"at":"2024-05-01T10:00:00.250Z","size":1.5,"norm":2.5,"ratio":0.25,\
            "vector":[1,-0.5e-3]}""";

    /** One of everything that messages have. */
    record Message(
            String name,
            int count,
            Instant at,
            float size,
            Float norm,
            double ratio,
            float[] vector,
            Optional<Message> next) {
        Message {
            if (count < 0) {
                throw new IllegalArgumentException("a count is not negative: " + count);
            }
        }
    }

    /** A refusal is kept and told to others. */
    @ParameterizedTest
    @CsvSource({
        "'{\"name\":\"Ada\",\"count\":3,\"at\":\"Bob Smith\"}',at is not a valid Instant",
        "'{\"name\":\"Ada\",\"count\":3,\"next\":{\"at\":\"Bob Smith\"}}',next.at is not a valid Instant"
    })
    void whatHasTheWrongFormIsNamedAndNotRepeated(String json, String why) {
        assertThatThrownBy(() -> Json.read(json.getBytes(UTF_8), Message.class))
                .hasMessage("not valid JSON of a Message: " + why);
    }

    @Test
    void readsWhatItWrites() throws Exception {
        Message message = new Message(
                "Ada",
                3,
                Instant.parse("2024-05-01T10:00:00.250Z"),
                1.5f,
                2.5f,
                0.25,
                new float[] {1, -0.5e-3f},
                Optional.empty());

        assertThat(new String(Json.write(message), UTF_8)).isEqualTo(SOUND.replace("[1,-0.5e-3]", "[1.0,-5.0E-4]"));
        assertThat(Json.read(Json.write(message), Message.class))
                .usingRecursiveComparison()
                .isEqualTo(message);
        assertThat(Json.read(SOUND.getBytes(UTF_8), Message.class))
                .usingRecursiveComparison()
                .isEqualTo(message);
    }

    @Test
    void absentValuesAreLeftOutAndReadAsAbsent() throws Exception {
        Message message = new Message(null, 0, null, 0, null, 0, null, Optional.empty());

        assertThat(new String(Json.write(message), UTF_8)).isEqualTo("{\"count\":0,\"size\":0.0,\"ratio\":0.0}");
        assertThat(Json.read(Json.write(message), Message.class))
                .usingRecursiveComparison()
                .isEqualTo(message);
    }

    @Test
    void fieldsOfLaterVersionsAreIgnored() throws Exception {
        Message message = Json.read(changed("{", "{\"later\":{\"deep\":[1,{}]},"), Message.class);

        assertThat(message.name()).isEqualTo("Ada");
    }

    @Test
    void vectorsOfAnyLengthAreRead() throws Exception {
        Message message = Json.read(changed("[1,-0.5e-3]", "[" + "0.5,".repeat(1_999) + "7]"), Message.class);

        assertThat(message.vector()).hasSize(2_000).startsWith(0.5f).endsWith(0.5f, 7f);
        assertThat(Json.read(changed("[1,-0.5e-3]", "[]"), Message.class).vector())
                .isEmpty();
    }

    static Stream<Arguments> badMessages() {
        return Stream.of(
                argumentSet("no bytes", new byte[0]),
                argumentSet("white space", bytes("  \n")),
                argumentSet("null", bytes("null")),
                argumentSet("an array", bytes("[" + SOUND + "]")),
                argumentSet("a string", bytes("\"Ada\"")),
                argumentSet("a JPEG", new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0}),
                argumentSet("broken off", bytes(SOUND.substring(0, SOUND.length() - 9))),
                argumentSet("a second message", bytes(SOUND + SOUND)),
                argumentSet("trailing tokens", bytes(SOUND + " ]")),
                argumentSet("NaN", changed("1.5", "NaN")),
                argumentSet("infinity", changed("1.5", "-Infinity")),
                argumentSet("NaN in a string", changed("1.5", "\"NaN\"")),
                argumentSet("NaN in a string that may be absent", changed("2.5", "\"NaN\"")),
                argumentSet("infinity in a string of 64 bits", changed("0.25", "\"Infinity\"")),
                argumentSet("NaN in a vector", changed("[1,", "[\"NaN\",")),
                argumentSet("a number above 32 bits", changed("1.5", "1e39")),
                argumentSet("a number above 64 bits", changed("0.25", "1e999")),
                argumentSet("a number above 32 bits in a vector", changed("[1,", "[1e39,")),
                argumentSet("null in a vector", changed("[1,", "[null,")),
                argumentSet("a vector in a vector", changed("[1,", "[[1],")),
                argumentSet("a vector in Base64", changed("[1,-0.5e-3]", "\"AAAAAA==\"")),
                argumentSet("a number instead of a vector", changed("[1,-0.5e-3]", "1")),
                argumentSet("null for a primitive", changed("1.5", "null")),
                argumentSet("a primitive that is absent", changed("\"count\":3,", "")),
                argumentSet("a number in a string", changed("3", "\"3\"")),
                argumentSet("a float in a string", changed("1.5", "\"1.5\"")),
                argumentSet("a fraction for an integer", changed("3", "3.7")),
                argumentSet("an integer above 32 bits", changed("3", "3000000000")),
                argumentSet("an integer of 5,000 digits", changed("3", "3".repeat(5_000))),
                argumentSet("true for a number", changed("3", "true")),
                argumentSet("a number for a name", changed("\"Ada\"", "7")),
                argumentSet("an object for a name", changed("\"Ada\"", "{}")),
                argumentSet("a time of yesterday", changed("2024-05-01T10:00:00.250Z", "yesterday")),
                argumentSet("100,000 levels of what is unknown", changed("{", "{\"later\":" + "[".repeat(100_000))),
                argumentSet("100,000 levels of what is known", bytes("{\"next\":".repeat(100_000))));
    }

    @ParameterizedTest
    @MethodSource("badMessages")
    void anythingElseIsABadMessage(byte[] json) {
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> Json.read(json, Message.class))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectReason.BAD_MESSAGE))
                .withMessageContaining("Message");
    }

    @Test
    void whatARecordRefusesIsABadMessageInItsOwnWords() {
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> Json.read(changed("3", "-3"), Message.class))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RejectReason.BAD_MESSAGE))
                .withMessage("a count is not negative: -3");
    }

    @Test
    void damagedBytesNeverEndInAnotherException() {
        Random random = new Random(17);
        assertThatNoException().isThrownBy(() -> {
            int rejections = 0;
            for (int i = 0; i < 5_000; i++) {
                byte[] json = SOUND.getBytes(random.nextInt(20) == 0 ? UTF_16LE : UTF_8);
                for (int n = random.nextInt(4); n >= 0; n--) {
                    json[random.nextInt(json.length)] = (byte) random.nextInt(256);
                }
                try {
                    Json.read(json, Message.class);
                } catch (RejectedException e) {
                    assertThat(e.reason()).isEqualTo(RejectReason.BAD_MESSAGE);
                    rejections++;
                }
            }
            assertThat(rejections).isGreaterThan(2_000);
        });
    }

    @Test
    void whatHasNoJsonIsAMistakeOfOurs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.write(new Object()))
                .withMessageContaining("Object");
    }

    private static byte[] bytes(String json) {
        return json.getBytes(UTF_8);
    }

    private static byte[] changed(String from, String to) {
        assertThat(SOUND).contains(from);
        int at = SOUND.indexOf(from);
        return bytes(SOUND.substring(0, at) + to + SOUND.substring(at + from.length()));
    }
}
