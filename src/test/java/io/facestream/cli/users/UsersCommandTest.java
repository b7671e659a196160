package io.facestream.cli.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.cli.CommandRun;
import io.facestream.gallery.TestGallery;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsersCommandTest {
    private static final TestGallery GALLERY = TestGallery.of(UsersCommandTest.class);

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
        return CommandRun.of("users", "add", name, "--role", role);
    }

    private void openSession(String name) throws Exception {
        GALLERY.execute("insert into facestream.web_session (token_sha256, user_id, expires_at)"
                + " select sha256('t'), id, now() + interval '1 hour' from facestream.web_user where name = '" + name
                + "'");
    }

    @Test
    void aPasswordIsMadeAndPrintedAndTheDatabaseHasAHashOnly() throws Exception {
        String password = add("ann", "operator").out().strip();

        assertThat(password).matches("([a-z2-9]{5}-){3}[a-z2-9]{5}");
        assertThat(GALLERY.query("select name, role, rounds from facestream.web_user"))
                .containsExactly("ann operator 210000");
        assertThat(GALLERY.query("select row_to_json(u) from facestream.web_user u")
                        .get(0))
                .doesNotContain(password);
    }

    @Test
    void twoUsersDoNotShareAName() {
        add("ann", "viewer");

        CommandRun second = add("ann", "admin");

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("there is a user \"ann\" already");
    }

    @Test
    void whoIsRemovedHasNoSessionAnyMore() throws Exception {
        add("ann", "viewer");
        openSession("ann");

        assertThat(CommandRun.of("users", "remove", "ann").exitCode()).isZero();

        assertThat(GALLERY.query("select 1 from facestream.web_session")).isEmpty();
    }

    @Test
    void anotherPasswordEndsAllSessions() throws Exception {
        add("ann", "viewer");
        openSession("ann");

        assertThat(CommandRun.of("users", "password", "ann").exitCode()).isZero();

        assertThat(GALLERY.query("select 1 from facestream.web_session")).isEmpty();
    }

    @Test
    void aProviderIsTrustedOnceHoweverOftenOneSaysSo() throws Exception {
        assertThat(CommandRun.of("users", "trust", "https://id.example").exitCode())
                .isZero();
        assertThat(CommandRun.of("users", "trust", "https://id.example").exitCode())
                .isZero();

        assertThat(GALLERY.query("select issuer from facestream.oidc_issuer")).containsExactly("https://id.example");
        assertThat(GALLERY.query("select detail ->> 'issuer' from facestream.audit where action = 'trust-issuer'"))
                .containsExactly("https://id.example");
    }

    @Test
    void whoeverNoLongerTrustsAProviderEndsItsSessions() throws Exception {
        CommandRun.of("users", "trust", "https://id.example");
        GALLERY.execute("select facestream.sign_in_by_oidc(sha256('t'), 'https://id.example', '4711', 'Ann', 'viewer',"
                + " false, now() + interval '1 hour')");
        assertThat(GALLERY.query("select name, shown from facestream.use_session(sha256('t'))"))
                .containsExactly("oidc:4711 Ann");

        assertThat(CommandRun.of("users", "distrust", "https://id.example").exitCode())
                .isZero();

        assertThat(GALLERY.query("select 1 from facestream.web_session")).isEmpty();
    }

    @Test
    void aProviderThatIsNotTrustedCannotBeDistrusted() {
        CommandRun run = CommandRun.of("users", "distrust", "https://id.example");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("https://id.example is not trusted");
    }

    @Test
    void aNameIsTheSameHoweverAKeyboardComposesIt() {
        add(" J\u00fcrgen", "viewer");

        assertThat(CommandRun.of("users", "password", "Ju\u0308rgen").exitCode())
                .isZero();
        assertThat(CommandRun.of("users", "remove", "Ju\u0308rgen").exitCode()).isZero();
    }

    @Test
    void aNameOfMoreThanAHundredCharactersIsRefused() throws Exception {
        CommandRun run = add("a".repeat(101), "viewer");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("a user's name has 1 to 100 characters, not 101");
        assertThat(GALLERY.query("select name from facestream.web_user")).isEmpty();
    }

    @Test
    void aUserWhoIsNotThereCannotBeRemoved() {
        CommandRun run = CommandRun.of("users", "remove", "ann");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("there is no user \"ann\"");
    }

    @Test
    void changesOfUsersAreRowsOfTheAuditTrail() throws Exception {
        add("ann", "viewer");
        CommandRun.of("users", "password", "ann");
        CommandRun.of("users", "remove", "ann");

        assertThat(GALLERY.query("select action, detail ->> 'userName' from facestream.audit"
                        + " where detail ? 'userName' order by id"))
                .containsExactly("add-user ann", "change-password ann", "remove-user ann");
    }

    @Test
    void theFirstUserIsAddedOnlyWhereThereIsNone() throws Exception {
        UserTable users = new UserTable(GALLERY.dataSource());

        Optional<String> first = users.addFirst("admin");
        Optional<String> second = users.addFirst("admin");

        assertThat(first).isPresent();
        assertThat(second).isEmpty();
        assertThat(CommandRun.of("users", "list").out()).contains("admin");
    }
}
