package io.facestream.training;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.training.commands.TrainingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.KafkaException;

/** {@code training-progress} in memory. A test sets for how many final answers the broker is away or refuses. */
final class ToldProgress implements ProgressPublisher {
    private final List<String> history;
    private final List<TrainingProgress> news = new ArrayList<>();
    private final List<TrainingProgress> ends = new ArrayList<>();
    private int away;
    private int refusing;

    ToldProgress(List<String> history) {
        this.history = history;
    }

    synchronized void beAway(int times) {
        away = times;
    }

    synchronized void refuse(int times) {
        refusing = times;
    }

    @Override
    public synchronized CompletionStage<Void> publish(TrainingProgress progress) {
        news.add(progress);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized boolean announce(UUID command, byte[] progress) {
        if (away > 0) {
            away--;
            throw new KafkaException("as if the broker were away");
        }
        if (refusing > 0) {
            refusing--;
            return false;
        }
        try {
            ends.add(Json.read(progress, TrainingProgress.class));
        } catch (RejectedException e) {
            throw new AssertionError(e);
        }
        history.add("published");
        return true;
    }

    synchronized List<TrainingProgress> news() {
        return List.copyOf(news);
    }

    /** Those that the broker has taken. */
    synchronized List<TrainingProgress> ends() {
        return List.copyOf(ends);
    }
}
