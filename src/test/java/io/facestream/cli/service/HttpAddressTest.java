package io.facestream.cli.service;

import static io.facestream.cli.service.HttpAddress.Listener.API;
import static io.facestream.cli.service.HttpAddress.Listener.MANAGEMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.cli.CommandRun;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class HttpAddressTest {
    private static Config config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
    }

    @Test
    void theServiceListensEverywhereOn9000AndItsApiOn8080() {
        assertThat(HttpAddress.of(MANAGEMENT, config(Map.of())))
                .isEqualTo(new HttpAddress(MANAGEMENT, "0.0.0.0", 9000));
        assertThat(HttpAddress.of(API, config(Map.of()))).isEqualTo(new HttpAddress(API, "0.0.0.0", 8080));
    }

    @Test
    void theEmbeddedDefaultListensOnThisMachineOnlyOnAPortThatIsFree() {
        HttpAddress address = HttpAddress.ofEmbedded(MANAGEMENT, config(Map.of()));

        assertThat(address.host()).isEqualTo("127.0.0.1");
        assertThatCode(address::requireFree).doesNotThrowAnyException();
    }

    @Test
    void whatTheUserSetsHoldsForBoth() {
        Config config = config(Map.of("quarkus.management.host", "::1", "quarkus.management.port", "8090"));

        assertThat(HttpAddress.of(MANAGEMENT, config)).isEqualTo(new HttpAddress(MANAGEMENT, "::1", 8090));
        assertThat(HttpAddress.ofEmbedded(MANAGEMENT, config)).isEqualTo(new HttpAddress(MANAGEMENT, "::1", 8090));
    }

    @Test
    void healthIsAtAnAddressThatThisMachineReaches() {
        assertThat(new HttpAddress(MANAGEMENT, "0.0.0.0", 9000).url("/q/health"))
                .isEqualTo("http://127.0.0.1:9000/q/health");
        assertThat(new HttpAddress(MANAGEMENT, "door.example.org", 80).url("/q/health"))
                .isEqualTo("http://door.example.org:80/q/health");
    }

    @Test
    void aPortThatIsTakenIsNamedBeforeAnythingStarts() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            for (String host : new String[] {"127.0.0.1", "0.0.0.0"}) {
                HttpAddress address = HttpAddress.of(
                        MANAGEMENT, config(Map.of("quarkus.management.host", host, "quarkus.management.port", port)));

                assertThatThrownBy(address::requireFree)
                        .hasMessageContaining(host + ":" + port)
                        .hasMessageContaining("QUARKUS_MANAGEMENT_PORT");
            }
            try (var ignored = new CommandRun.Properties(
                    Map.of("quarkus.management.host", "127.0.0.1", "quarkus.management.port", port))) {
                for (String[] command : new String[][] {{"up"}, {"up", "--embedded"}, {"demo"}}) {
                    CommandRun run = CommandRun.of(command);

                    assertThat(run.exitCode()).isEqualTo(1);
                    assertThat(run.err().lines())
                            .singleElement()
                            .asString()
                            .startsWith("facestream " + command[0] + ": cannot listen for HTTP on 127.0.0.1:" + port);
                }
            }
        }
    }

    @Test
    void aPortThatThereCannotBeIsRefusedByItsName() {
        assertThatThrownBy(() -> new HttpAddress(API, "127.0.0.1", 99_999))
                .hasMessageContaining(API.port())
                .hasMessageContaining("99999");
    }
}
