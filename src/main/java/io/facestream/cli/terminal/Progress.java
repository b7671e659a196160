package io.facestream.cli.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/**
 * Shows the progress of long work: a bar on a terminal, a line every 10 seconds elsewhere, nothing if a program reads
 * the output.
 */
public final class Progress {
    private static final int MILLIS_BETWEEN_LINES = 10_000;

    private Progress() {}

    public static ProgressBar bar(String task, long steps, boolean quiet) {
        return bar(task, steps, quiet, isTerminal(), System.err);
    }

    public static ProgressBar bar(String task, long steps, boolean quiet, boolean terminal, PrintStream err) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .clearDisplayOnFinish();
        if (quiet || !terminal) {
            builder.setUpdateIntervalMillis(MILLIS_BETWEEN_LINES)
                    .setRenderer(new Line())
                    .setConsumer(new Lines(quiet ? null : err));
        }
        return builder.build();
    }

    /** From Java 22 on there is a console even without a terminal. */
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null || Runtime.version().feature() < 22) {
            return console != null;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    private static final class Line implements ProgressBarRenderer {
        @Override
        public String render(ProgressState progress, int maxLength) {
            long done = progress.getCurrent();
            long all = progress.getMax();
            return all <= 0 || done <= 0
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "%s: %d of %d, %d %%, %d s",
                            progress.getTaskName(),
                            done,
                            all,
                            100 * done / all,
                            progress.getElapsedAfterStart().toSeconds());
        }
    }

    /** Prints each line once. */
    private static final class Lines implements ProgressBarConsumer {
        private final PrintStream out;
        private String before = "";

        /** @param out null to print nothing */
        Lines(PrintStream out) {
            this.out = out;
        }

        @Override
        public int getMaxRenderedLength() {
            return 80;
        }

        @Override
        public void accept(String rendered) {
            if (out != null && !rendered.isBlank() && !rendered.equals(before)) {
                out.println(rendered);
                before = rendered;
            }
        }

        @Override
        public void close() {}
    }
}
