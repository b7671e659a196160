package io.facestream.embedded;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The right to run broker and database from a home: one process at a time. The operating system gives it back when its
 * holder ends, however it ends; the file's text only tells who that is.
 */
final class HomeLock implements AutoCloseable {
    /**
     * The locks that this JVM holds, and the text in them. This must be asked before such a file is touched: closing any
     * channel of a file gives up all locks that the process has on it (POSIX).
     */
    private static final Map<Path, String> HELD_HERE = new ConcurrentHashMap<>();

    /** {@link #isHeld} asks by taking the lock for a moment; a start that meets one such moment tries again. */
    private static final int ATTEMPTS = 10;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Pattern SINCE = Pattern.compile("pid .*, since (\\S+Z)");

    /** Its text is written within the second that it names; clocks of file systems tick coarsely. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Path file;
    private final FileChannel channel;

    private HomeLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @param file the home's lock file
     * @param command what this process does, for the message that others get
     * @throws EmbeddedException if somebody has it; the message names the holder
     */
    static HomeLock acquire(Path file, String command) {
        String holder = "pid %d (%s), since %s"
                .formatted(ProcessHandle.current().pid(), command, Instant.now().truncatedTo(ChronoUnit.SECONDS));
        String holderHere = HELD_HERE.putIfAbsent(file, holder);
        if (holderHere != null) {
            throw inUse(file, holderHere);
        }
        try {
            requireNoCopy(file);
            return new HomeLock(file, lock(file, holder));
        } catch (IOException e) {
            HELD_HERE.remove(file);
            throw new EmbeddedException("the lock " + file + " can't be taken: " + e, e);
        } catch (RuntimeException e) {
            HELD_HERE.remove(file);
            throw e;
        }
    }

    /** Whether some process, this one included, has the lock now. */
    static boolean isHeld(Path file) {
        return HELD_HERE.containsKey(file) || isHeldElsewhere(file);
    }

    private static boolean isHeldElsewhere(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new EmbeddedException("the lock " + file + " can't be looked at: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.truncate(0);
            channel.close();
        } catch (IOException e) {
            throw new EmbeddedException("the lock " + file + " can't be given back: " + e, e);
        } finally {
            HELD_HERE.remove(file);
        }
    }

    private static FileChannel lock(Path file, String holder) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            for (int attempt = 1; channel.tryLock() == null; attempt++) {
                if (attempt == ATTEMPTS) {
                    throw inUse(file, Files.readString(file).strip());
                }
                Thread.sleep(PAUSE.toMillis());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /**
     * Refuses a copy that was made while broker and database ran: each of its files is of another moment. Where a process was
     * killed, its text is still in the file too, but then nobody has touched the file since.
     */
    private static void requireNoCopy(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        String holder = Files.readString(file).strip();
        Matcher since = SINCE.matcher(holder);
        if (since.matches()
                && changed(file).isAfter(Instant.parse(since.group(1)).plus(LATER))
                && !isHeldElsewhere(file)) {
            throw new EmbeddedException(file.getParent() + " is a copy of a home that was in use then (" + holder
                    + "), so its data may be damaged: copy the original again when it has been stopped;"
                    + " to use this copy all the same, delete " + file);
        }
    }

    /** When the file's content, owner or permissions were last changed here; no copy takes that along. */
    private static Instant changed(Path file) throws IOException {
        return ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    }

    private static EmbeddedException inUse(Path file, String holder) {
        return new EmbeddedException("the embedded default in " + file.getParent() + " is in use by "
                + (holder.isEmpty() ? "another process" : holder)
                + ": stop that first, or set FACESTREAM_HOME to another folder");
    }
}
