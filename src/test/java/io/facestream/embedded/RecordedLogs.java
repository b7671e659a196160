package io.facestream.embedded;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jboss.logmanager.ExtLogRecord;

/** Everything that is logged meanwhile, from INFO on, Kafka's own dumps of its settings too, with stack traces. */
public final class RecordedLogs implements AutoCloseable {
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");

    private final Level before = KAFKA.getLevel();
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord report) {
            records.add(report);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    public RecordedLogs() {
        // Its dumps come here, and not to the console.
        KAFKA.setLevel(Level.INFO);
        KAFKA.setUseParentHandlers(false);
        KAFKA.addHandler(handler);
        handler.setLevel(Level.INFO);
        ROOT.addHandler(handler);
    }

    /** All of it. */
    public String text() {
        SimpleFormatter formatter = new SimpleFormatter();
        StringBuilder text = new StringBuilder();
        records.forEach(report -> text.append(formatter.format(report)));
        return text.toString();
    }

    /** The warnings and errors of a class, one line each. */
    public List<String> warningsOf(Class<?> type) {
        return records.stream()
                .filter(report -> type.getName().equals(report.getLoggerName())
                        && report.getLevel().intValue() >= Level.WARNING.intValue())
                .map(report -> report instanceof ExtLogRecord ours ? ours.getFormattedMessage() : report.getMessage())
                .toList();
    }

    @Override
    public void close() {
        ROOT.removeHandler(handler);
        KAFKA.removeHandler(handler);
        KAFKA.setUseParentHandlers(true);
        KAFKA.setLevel(before);
    }
}
