package io.facestream.cli.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Sha256;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysCommandTest {
    private static final TestGallery GALLERY = TestGallery.of(KeysCommandTest.class);

    private CommandRun.Properties properties;

    @BeforeEach
    void renew() throws Exception {
        GALLERY.renew();
        properties = new CommandRun.Properties(GALLERY.asProperties());
    }

    @AfterEach
    void restore() {
        properties.close();
    }

    private static CommandRun add(String name, String role) {
        return CommandRun.of("keys", "add", name, "--role", role);
    }

    @Test
    void aKeyIsPrintedOnceAndTheDatabaseHasItsHashOnly() throws Exception {
        String key = add("Double Take", "operator").out().strip();

        assertThat(key).matches("fs_[A-Za-z0-9_-]{43}");
        assertThat(GALLERY.query("select role, encode(key_sha256, 'hex') from facestream.api_key"))
                .containsExactly("operator " + HexFormat.of().formatHex(Sha256.of(key.getBytes(US_ASCII))));
        assertThat(CommandRun.of("keys", "list").out()).contains("Double Take").doesNotContain(key);
    }

    @Test
    void twoValidKeysDoNotShareAName() {
        add("door", "viewer");

        CommandRun second = add("door", "viewer");

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("there is a key \"door\" already");
    }

    @Test
    void theNameOfARevokedKeyIsFreeAgain() {
        add("door", "viewer");

        assertThat(CommandRun.of("keys", "revoke", "door").exitCode()).isZero();

        assertThat(add("door", "admin").exitCode()).isZero();
        assertThat(CommandRun.of("keys", "list").outLines()).hasSize(2).anyMatch(line -> line.contains("revoked"));
    }

    @Test
    void aKeyThatIsNotThereCannotBeRevoked() {
        CommandRun run = CommandRun.of("keys", "revoke", "door");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("there is no valid key \"door\"");
    }

    @Test
    void makingAndRevokingAreRowsOfTheAuditTrail() throws Exception {
        add("door", "viewer");
        CommandRun.of("keys", "revoke", "door");

        assertThat(GALLERY.query("select action, detail ->> 'keyName', detail ->> 'role' from facestream.audit"
                        + " where action like '%key' order by id"))
                .containsExactly("add-key door viewer", "revoke-key door viewer");
    }

    @Test
    void aRoleThatThereIsNotIsWrongUsage() {
        assertThat(add("door", "king").exitCode()).isEqualTo(2);
    }

    @Test
    void aListInJsonHasALineForEachKey() {
        add("door", "viewer");

        assertThat(CommandRun.of("keys", "list", "--json").out()).contains("\"name\":\"door\",\"role\":\"viewer\"");
    }
}
