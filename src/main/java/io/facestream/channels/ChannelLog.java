package io.facestream.channels;

import io.facestream.database.Refusal;
import io.facestream.messaging.RateLimit;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/**
 * One line a minute for each failure of a channel. SmallRye writes a stack trace at every try to read or to send, and
 * the headers of what it could not send.
 */
@ApplicationScoped
class ChannelLog implements Filter {
    private static final Logger LOG = Logger.getLogger(ChannelLog.class);
    private static final String SMALLRYE = "io.smallrye.reactive.messaging.kafka";

    /** Says that a record was not sent, after another line that said so, and writes the record. */
    private static final String NOT_SENT = "SRMSG18212";

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** The lines that are remembered at most; there are fewer channels than that. */
    private static final int MOST_LINES = 100;

    private final Map<String, RateLimit> limits = new ConcurrentHashMap<>();

    /** Before there is a channel. */
    void begin(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        java.util.logging.Logger.getLogger(SMALLRYE).setFilter(this);
    }

    @Override
    public boolean isLoggable(LogRecord report) {
        if (report.getThrown() == null || report.getLevel().intValue() < Level.WARNING.intValue()) {
            return true;
        }
        if (!report.getMessage().startsWith(NOT_SENT)) {
            String line = line(report);
            if (limits.size() > MOST_LINES) {
                limits.clear();
            }
            if (limits.computeIfAbsent(line, key -> new RateLimit(INTERVAL)).permits()) {
                LOG.warn(line);
            }
        }
        return false;
    }

    private static String line(LogRecord report) {
        String what = report instanceof ExtLogRecord ours ? ours.getFormattedMessage() : report.getMessage();
        return what + ": " + Refusal.oneLine(report.getThrown());
    }
}
