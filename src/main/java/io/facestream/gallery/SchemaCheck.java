package io.facestream.gallery;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Lets roles that need the database start only if it is migrated. */
@ApplicationScoped
class SchemaCheck {
    private final boolean needed;
    private final Instance<DataSource> dataSource;

    SchemaCheck(@ConfigProperty(name = "quarkus.datasource.active") boolean needed, Instance<DataSource> dataSource) {
        this.needed = needed;
        this.dataSource = dataSource;
    }

    /** Runs before any stage, which would only report a missing table. */
    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (needed) {
            GallerySchema.requireMigrated(dataSource.get());
        }
    }
}
