package io.facestream.database;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;

/**
 * Refuses to start with more loops than the pool has database connections for. A loop without a connection would wait
 * ten seconds and repeat its batch, for ever.
 */
@ApplicationScoped
class ConnectionCheck {
    private static final String POOL = "quarkus.datasource.jdbc.max-size";

    private static final List<Role> ROLES = List.of(
            // the exact search of a sample of faces
            new Role("matching", "loops", 1, 1),
            // polling for a new model version; its loops need no connection
            new Role("embedding", "loops", 0, 1),
            // the projection, what removes old visits, and what fetches best shots
            new Role("sightings", "threads", 0, 3),
            // what stores alerts, and the targets, who take turns
            new Role("alerts", "enabled", 0, 2),
            // the gallery's upkeep
            new Role("enrolment", "loops", 1, 1),
            // the command that is done, and answers
            new Role("curation", "loops", 1, 2),
            // a training, a change of version, answers, and the lease of running work
            new Role("training", "loops", 1, 4),
            // searches of two cores, a look at a key, and polling for a new model version; more take turns
            new Role("web", "enabled", 0, 4));

    private final Config config;

    ConnectionCheck(Config config) {
        this.config = config;
    }

    /**
     * The most connections that a role takes from the pool at once.
     *
     * @param counted the setting that says how many loops or threads it has; one without such has its switch
     * @param ofLoop connections of each loop
     * @param besides connections for its other threads
     */
    private record Role(String name, String counted, int ofLoop, int besides) {
        boolean isOn(Config config) {
            return config.getValue("facestream." + name + ".enabled", Boolean.class);
        }

        String setting() {
            return "facestream." + name + "." + counted;
        }

        long needs(Config config) {
            return (ofLoop == 0 ? 0 : (long) ofLoop * config.getValue(setting(), Integer.class)) + besides;
        }
    }

    /** Runs before any stage, and before the schema is checked. */
    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 1) StartupEvent event) {
        if (config.getValue("quarkus.datasource.active", Boolean.class)) {
            check();
        }
    }

    void check() {
        List<Role> on = ROLES.stream().filter(role -> role.isOn(config)).toList();
        long needed = on.stream().mapToLong(role -> role.needs(config)).sum();
        int size = config.getValue(POOL, Integer.class);
        if (needed > size) {
            throw new IllegalStateException(on.stream()
                            .map(role -> role.setting() + "=" + config.getValue(role.setting(), String.class))
                            .collect(Collectors.joining(", "))
                    + " needs up to " + needed + " database connections, but " + POOL + " is " + size
                    + ": set it to " + needed + " or more, or configure fewer loops");
        }
    }
}
