package io.facestream.cli.service;

import io.facestream.cli.service.HttpAddress.Listener;
import io.facestream.cli.users.UserTable;
import io.facestream.configuration.Role;
import io.facestream.configuration.Settings;
import io.facestream.embedded.EmbeddedHome;
import io.facestream.embedded.EmbeddedServices;
import io.facestream.gallery.GallerySchema;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Runs roles of the service in this process, on a given broker and database or on the embedded default. */
public final class Service {
    private static final String PROFILE = "quarkus.profile";
    private static final String FIRST_USER = "admin";

    private final Set<Role> roles;

    public Service(Collection<Role> roles) {
        this.roles = EnumSet.copyOf(roles);
    }

    /**
     * Runs {@code application} beside the roles, and ends when it ends. Where no setting names a broker or a database,
     * and this clone's embedded default runs in another process, the roles join it.
     */
    int run(Class<? extends QuarkusApplication> application, String... arguments) {
        Settings settings = Settings.load(roles);
        Map<String, String> embedded = settings.ofEmbeddedDefault();
        if (embedded.isEmpty()) {
            listeners().forEach(listener -> HttpAddress.of(listener, settings.config())
                    .requireFree());
        } else {
            listenForThisMachine(settings.config());
            embedded.forEach(System::setProperty);
        }
        System.setProperty(PROFILE, Role.profile(roles));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int[] code = new int[1];
        Quarkus.run(
                application,
                (exitCode, thrown) -> {
                    code[0] = exitCode;
                    failure.set(thrown);
                },
                arguments);
        if (failure.get() != null) {
            // Quarkus's own "Failed to start quarkus" adds nothing to its cause.
            Throwable cause = failure.get().getCause() == null
                    ? failure.get()
                    : failure.get().getCause();
            throw new IllegalStateException("the service did not start", cause);
        }
        return code[0];
    }

    /** The same on the embedded default, which starts before the roles and stops after them. */
    public int runEmbedded(
            EmbeddedHome home, String command, Class<? extends QuarkusApplication> application, String... arguments)
            throws SQLException {
        listenForThisMachine(Settings.load(roles).config());
        try (EmbeddedServices embedded = EmbeddedServices.start(home, command, System.out::println)) {
            Settings.properties(embedded.endpoints()).forEach(System::setProperty);
            GallerySchema.migrate(Settings.load(roles).patientDatabase());
            System.out.println("Kafka is at " + embedded.endpoints().kafkaBootstrapServers());
            System.out.println("The gallery: " + embedded.psqlCommand());
            if (roles.contains(Role.WEB)) {
                addFirstUser();
            }
            return run(application, arguments);
        }
    }

    /** @throws IllegalStateException if what is configured cannot be listened on */
    private void listenForThisMachine(Config config) {
        for (Listener listener : listeners()) {
            HttpAddress address = HttpAddress.ofEmbedded(listener, config);
            address.requireFree();
            System.setProperty(listener.host(), address.host());
            System.setProperty(listener.port(), Integer.toString(address.port()));
        }
    }

    private void addFirstUser() throws SQLException {
        Settings settings = Settings.load(roles);
        new UserTable(settings.patientDatabase())
                .addFirst(FIRST_USER)
                .ifPresent(password -> System.out.println("Sign in at " + page(settings.config()) + " as " + FIRST_USER
                        + " with " + password + " as soon as it is ready (shown this once; `facestream users password "
                        + FIRST_USER + "` makes another)"));
    }

    private List<Listener> listeners() {
        return roles.contains(Role.WEB) ? List.of(Listener.MANAGEMENT, Listener.API) : List.of(Listener.MANAGEMENT);
    }

    /**
     * Waits until this process is ready and prints its roles. For applications, which start after the roles.
     *
     * @return false if the process is asked to end first
     */
    public static boolean awaitReady() throws InterruptedException {
        if (!Readiness.await()) {
            return false;
        }
        Config config = ConfigProvider.getConfig();
        System.out.println("Ready: " + System.getProperty(PROFILE).replace(",", ", ") + ". Health: "
                + HttpAddress.of(Listener.MANAGEMENT, config).url("/q/health"));
        if (config.getValue("facestream.web.enabled", Boolean.class)) {
            System.out.println("The page: " + page() + " The API: "
                    + HttpAddress.of(Listener.API, config).url("/q/openapi"));
        }
        return true;
    }

    /** Where this process serves the page. */
    public static String page() {
        return page(ConfigProvider.getConfig());
    }

    private static String page(Config config) {
        return HttpAddress.of(Listener.API, config).url("/");
    }
}
