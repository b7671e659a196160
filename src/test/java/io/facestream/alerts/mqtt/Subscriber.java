package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Another client, such as Home Assistant: hears everything, and keeps the latest of each topic. */
final class Subscriber implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    private final Vertx vertx = Vertx.vertx();
    private final MqttClient client;
    private final Map<String, String> latest = new ConcurrentSkipListMap<>();
    private final List<Heard> all = new CopyOnWriteArrayList<>();

    /** A message, in the order of arrival. */
    record Heard(String topic, String payload, boolean retained) {}

    Subscriber(int port) throws Exception {
        this(port, "#");
    }

    Subscriber(int port, String filter) throws Exception {
        MqttClient subscribed = null;
        for (int attempt = 0; subscribed == null && attempt < ATTEMPTS; attempt++) {
            subscribed = subscribed(port, filter);
        }
        if (subscribed == null) {
            throw new IOException("the broker acknowledges no subscription");
        }
        client = subscribed;
    }

    /**
     * A client that the broker has acknowledged the subscription of; null if it has not. Moquette 0.17 marks a
     * connection as connected after it has sent CONNACK, on another thread, and drops a connection whose SUBSCRIBE is
     * there before.
     */
    private MqttClient subscribed(int port, String filter) throws Exception {
        MqttClient next = MqttClient.create(vertx, new MqttClientOptions().setMaxMessageSize(1 << 20));
        next.publishHandler(message -> {
            String payload = message.payload().toString(UTF_8);
            all.add(new Heard(message.topicName(), payload, message.isRetain()));
            if (payload.isEmpty()) {
                latest.remove(message.topicName());
            } else {
                latest.put(message.topicName(), payload);
            }
        });
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        next.closeHandler(dropped -> answer.complete(false));
        next.subscribeCompletionHandler(done -> answer.complete(true));
        next.connect(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES);
        try {
            next.subscribe(filter, 1).toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
            return answer.get(1, TimeUnit.MINUTES) ? next : null;
        } catch (ExecutionException | IllegalStateException e) {
            return null;
        }
    }

    /** Publishes as somebody else. */
    void publish(String topic, String payload, boolean retained) throws Exception {
        client.publish(
                        topic,
                        io.vertx.core.buffer.Buffer.buffer(payload),
                        io.netty.handler.codec.mqtt.MqttQoS.AT_LEAST_ONCE,
                        false,
                        retained)
                .toCompletionStage()
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES);
    }

    String latest(String topic) {
        return latest.get(topic);
    }

    Map<String, String> below(String prefix) {
        Map<String, String> found = new TreeMap<>();
        latest.forEach((topic, payload) -> {
            if (topic.startsWith(prefix)) {
                found.put(topic, payload);
            }
        });
        return found;
    }

    List<Heard> of(String topic) {
        return all.stream().filter(heard -> heard.topic().equals(topic)).toList();
    }

    @Override
    public void close() {
        vertx.close();
    }
}
