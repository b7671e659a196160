package io.facestream.cli.service;

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
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.ConfigProvider;

/** Runs the service in this process: some roles, on given brokers and database or on the embedded default. */
public final class Service {
    private static final String PROFILE = "quarkus.profile";

    private final Set<Role> roles;

    public Service(Collection<Role> roles) {
        this.roles = EnumSet.copyOf(roles);
    }

    /** Runs {@code application} beside the roles, and ends with it. */
    int run(Class<? extends QuarkusApplication> application, String... arguments) {
        HttpAddress.of(Settings.load(roles).config()).requireFree();
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
            // Quarkus's own "Failed to start quarkus" says no more.
            Throwable cause = failure.get().getCause() == null
                    ? failure.get()
                    : failure.get().getCause();
            throw new IllegalStateException("the service did not start", cause);
        }
        return code[0];
    }

    /** The same on the embedded default, which is up before and down after the roles. */
    public int runEmbedded(
            EmbeddedHome home, String command, Class<? extends QuarkusApplication> application, String... arguments)
            throws SQLException {
        HttpAddress http = HttpAddress.ofEmbedded(Settings.load(roles).config());
        http.requireFree();
        try (EmbeddedServices embedded = EmbeddedServices.start(home, command, System.out::println)) {
            Settings.properties(embedded.endpoints()).forEach(System::setProperty);
            System.setProperty(HttpAddress.HOST, http.host());
            System.setProperty(HttpAddress.PORT, Integer.toString(http.port()));
            GallerySchema.migrate(Settings.load(roles).patientDatabase());
            System.out.println("Kafka is at " + embedded.endpoints().kafkaBootstrapServers());
            System.out.println("The gallery: " + embedded.psqlCommand());
            return run(application, arguments);
        }
    }

    /**
     * Says which roles this process runs, once it is ready; for applications, which start when the roles have.
     *
     * @return false if the process is asked to end before
     */
    public static boolean awaitReady() throws InterruptedException {
        if (!Readiness.await()) {
            return false;
        }
        System.out.println("Ready: " + System.getProperty(PROFILE).replace(",", ", ") + ". Health: "
                + HttpAddress.of(ConfigProvider.getConfig()).health());
        return true;
    }
}
