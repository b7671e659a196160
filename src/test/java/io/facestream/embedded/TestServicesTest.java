package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TestServicesTest {
    @Test
    void allTestsOfAJvmShareOneBrokerAndOneDatabase() {
        assertThat(TestServices.kafka()).isEqualTo(TestServices.kafka());
        assertThat(TestServices.postgres()).isEqualTo(TestServices.postgres());
    }

    @Test
    void aCopyOfTheClassInAnotherClassLoaderFindsTheSameBroker() throws Exception {
        try (var copies = new OwnCopies()) {
            Class<?> copy = copies.loadClass(TestServices.class.getName());
            assertThat(copy).isNotSameAs(TestServices.class);
            assertThat(copy.getMethod("kafka").invoke(null).toString())
                    .isEqualTo(TestServices.kafka().toString());
        }
    }

    /** Loads this project's classes itself, as Quarkus does for its tests. */
    private static final class OwnCopies extends URLClassLoader {
        OwnCopies() {
            super(
                    Arrays.stream(System.getProperty("java.class.path").split(":"))
                            .map(OwnCopies::url)
                            .toArray(URL[]::new),
                    ClassLoader.getPlatformClassLoader());
        }

        private static URL url(String path) {
            try {
                return Path.of(path).toUri().toURL();
            } catch (IOException e) {
                throw new AssertionError(path, e);
            }
        }
    }
}
