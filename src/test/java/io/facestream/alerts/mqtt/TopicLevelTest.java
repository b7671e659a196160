package io.facestream.alerts.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicLevelTest {
    @Test
    void aPlainNameIsItself() {
        assertThat(List.of("lobby", "Front_Door-2", "7"))
                .allSatisfy(name -> assertThat(TopicLevel.of(name)).isEqualTo(name));
    }

    @Test
    void anyOtherNameIsOneLevelOfAllowedCharactersAndNoTwoAreTheSame() {
        List<String> names = List.of(
                "a+b",
                "a#b",
                "a/b",
                "a b",
                "a--b",
                "#",
                "+",
                "/",
                "",
                " ",
                "\u5927\u5802",
                "\ud83d\ude00",
                "caf\u00e9",
                "cafe\u0301",
                "x".repeat(65),
                "x".repeat(66),
                "$SYS",
                "\u0000",
                "../..");
        Set<String> levels = new HashSet<>();

        for (String name : names) {
            String level = TopicLevel.of(name);
            assertThat(level).as(name).matches("[A-Za-z0-9_-]{1,64}");
            levels.add(level);
        }

        assertThat(TopicLevel.of("Entr\u00e9e Nord/1")).startsWith("Entree-Nord-1--");
        assertThat(levels).hasSize(names.size());
    }

    @Test
    void whatLooksLikeAHashedNameIsHashedItself() {
        String hashed = TopicLevel.of("a/b");

        assertThat(TopicLevel.of(hashed)).isNotEqualTo(hashed);
    }
}
