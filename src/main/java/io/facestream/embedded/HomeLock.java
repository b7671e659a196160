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
 * The right to run broker and database from a home: one process at a time. The operating system releases it when its
 * holder ends, however it ends; the file's text only names the holder.
 */
final class HomeLock implements AutoCloseable {
    /**
     * The locks that this JVM holds, and the text in them. Look here before touching such a file: closing any channel
     * of a file releases all locks that the process has on it (POSIX).
     */
    private static final Map<Path, String> HELD_HERE = new ConcurrentHashMap<>();

    /** {@link #isHeld} takes the lock for a moment to find out; a start that meets such a moment tries again. */
    private static final int ATTEMPTS = 10;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Pattern SINCE = Pattern.compile("pid .*, since (\\S+Z)");

    /** The text is written within the second that it names; the rest allows for the coarse clocks of file systems. */
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
     * @param command what this process does, for the message that other processes get
     * @throws EmbeddedException if it is held; the message names the holder
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

    /** Whether any process, this one included, holds the lock now. */
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
            throw new EmbeddedException("the lock " + file + " can't be read: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.truncate(0);
            channel.close();
        } catch (IOException e) {
            throw new EmbeddedException("the lock " + file + " can't be released: " + e, e);
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
     * Refuses a copy that was made while broker and database ran: its files were read at different moments. A killed
     * process leaves its text in the file too, but then the file has not changed since.
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

    /** When the file's content, owner or permissions last changed here; a copy does not keep that time. */
    private static Instant changed(Path file) throws IOException {
        return ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
    }

    private static EmbeddedException inUse(Path file, String holder) {
        return new EmbeddedException("the embedded default in " + file.getParent() + " is in use by "
                + (holder.isEmpty() ? "another process" : holder)
                + ": stop that first, or set FACESTREAM_HOME to another folder");
    }
}
