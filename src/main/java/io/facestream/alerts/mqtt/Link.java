package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Backoff;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * A connection to the broker that comes back for ever, with MQTT 3.1.1, which brokers of version 5 speak too. All of it
 * happens on one event loop; the methods may be called by any thread.
 *
 * <pre>
 *  open --> connecting --> connected --> lost, refused, silent --> pause, 1 s to 1 min --> connecting
 * </pre>
 */
final class Link {
    private static final Logger LOG = Logger.getLogger(Link.class);

    /** Messages without an acknowledgement at most. Brokers queue 20 (Mosquitto) and more per client. */
    static final int WINDOW = 16;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(2);
    private static final int KEEP_ALIVE_SECONDS = 15;

    /** Of messages that come: our own configurations and states, of about 2 kB. */
    private static final int LARGEST_MESSAGE = 1 << 18;

    private final MqttSettings settings;
    private final Vertx vertx;
    private final Context loop;
    private final String clientId;
    private final String will;
    private final Listener listener;
    private final Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private final Map<Integer, CompletableFuture<Void>> waiting = new LinkedHashMap<>();
    private final Set<Integer> early = new HashSet<>();
    private MqttClient client;
    private String said;
    private long since;
    private boolean closed;
    private volatile boolean connected;

    /** Hears of the connection, on its event loop. */
    interface Listener {
        /** There is a new connection: nothing is subscribed to, and nothing is in flight. */
        void connected();

        /** A message of a subscription. */
        void arrived(String topic, byte[] payload);

        /** The connection is lost. */
        void lost();
    }

    /**
     * A connection that is not open yet.
     *
     * @param will the topic whose retained message is {@code offline} from when the connection is lost; null for none
     */
    Link(MqttSettings settings, Vertx vertx, String clientId, String will, Listener listener) {
        this.settings = settings;
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.clientId = clientId;
        this.will = will;
        this.listener = listener;
    }

    void open() {
        loop.runOnContext(begin -> connect());
    }

    boolean isConnected() {
        return connected;
    }

    private void connect() {
        if (closed) {
            return;
        }
        vertx.<MqttClientOptions>executeBlocking(this::options).onComplete(read -> {
            if (closed) {
                return;
            }
            if (read.failed()) {
                failed(read.cause());
            } else {
                connect(MqttClient.create(vertx, read.result()));
            }
        });
    }

    private void connect(MqttClient next) {
        client = next;
        next.closeHandler(end -> ended(next));
        next.exceptionHandler(failure -> LOG.debug("MQTT", failure));
        next.publishHandler(this::arrived);
        next.publishCompletionHandler(this::acknowledged);
        long patience = vertx.setTimer(PATIENCE.toMillis(), late -> {
            if (client == next && !connected) {
                client = null;
                next.disconnect();
                failed(new TimeoutException("no answer within " + PATIENCE.toSeconds() + " s"));
            }
        });
        next.connect(settings.address().port(), settings.address().host()).onComplete(answer -> {
            vertx.cancelTimer(patience);
            if (client != next) {
                return;
            }
            if (answer.failed()) {
                client = null;
                failed(answer.cause());
                return;
            }
            connected = true;
            since = System.nanoTime();
            said = null;
            LOG.infof("%s is connected to %s as %s", settings.name(), settings.address(), clientId);
            listener.connected();
        });
    }

    /** Reads the login and the certificates anew, since they may have been replaced. */
    private MqttClientOptions options() throws IOException {
        MqttClientOptions options = new MqttClientOptions();
        options.setClientId(clientId)
                .setCleanSession(true)
                .setKeepAliveInterval(KEEP_ALIVE_SECONDS)
                .setMaxInflightQueue(2 * WINDOW)
                .setMaxMessageSize(LARGEST_MESSAGE);
        options.setConnectTimeout((int) PATIENCE.toMillis());
        if (will != null) {
            options.setWillFlag(true)
                    .setWillTopic(will)
                    .setWillMessageBytes(Buffer.buffer("offline"))
                    .setWillQoS(1)
                    .setWillRetain(true);
        }
        if (settings.secret().isPresent()) {
            BrokerLogin login = BrokerLogin.read(
                    settings.secrets().orElseThrow(), settings.secret().get());
            options.setUsername(login.user()).setPassword(login.password());
        }
        if (settings.address().tls()) {
            options.setSsl(true);
            // Vert.x checks no name unless it is told to.
            options.setHostnameVerificationAlgorithm("HTTPS");
            if (settings.authorities().isPresent()) {
                options.setTrustOptions(new PemTrustOptions()
                        .addCertValue(Buffer.buffer(
                                Files.readAllBytes(settings.authorities().get()))));
            }
        }
        return options;
    }

    private void ended(MqttClient which) {
        if (client == which && connected) {
            client = null;
            lost();
            failed(new IOException("the connection is lost"));
        }
    }

    private void lost() {
        connected = false;
        // A broker that takes a client and drops it at once is not tried every second.
        if (System.nanoTime() - since >= LONGEST_PAUSE.toNanos()) {
            pauses.reset();
        }
        early.clear();
        Map<Integer, CompletableFuture<Void>> open = new LinkedHashMap<>(waiting);
        waiting.clear();
        listener.lost();
        open.values().forEach(each -> each.completeExceptionally(new IOException("the connection is lost")));
    }

    /** One line for each reason, until there is a connection or another reason. */
    private void failed(Throwable failure) {
        if (closed) {
            return;
        }
        Duration pause = pauses.take();
        String reason = Failures.oneLine(failure);
        if (!reason.equals(said)) {
            said = reason;
            LOG.warnf("%s: %s: %s; trying again until it is there", settings.name(), settings.address(), reason);
        }
        vertx.setTimer(pause.toMillis(), over -> connect());
    }

    private void arrived(MqttPublishMessage message) {
        listener.arrived(message.topicName(), message.payload().getBytes());
    }

    private void acknowledged(int packet) {
        CompletableFuture<Void> message = waiting.remove(packet);
        if (message == null) {
            early.add(packet);
        } else {
            message.complete(null);
        }
    }

    /**
     * Publishes a message with QoS 1.
     *
     * @return complete when the broker has it; failed, with an {@link IOException}, if that is not known
     */
    CompletableFuture<Void> publish(String topic, byte[] payload, boolean retained) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        loop.runOnContext(now -> {
            if (!connected || closed) {
                result.completeExceptionally(new IOException("there is no connection to " + settings.address()));
                return;
            }
            MqttClient current = client;
            try {
                current.publish(topic, Buffer.buffer(payload), MqttQoS.AT_LEAST_ONCE, false, retained)
                        .onComplete(sent -> sent(current, sent, result));
            } catch (IllegalStateException e) {
                result.completeExceptionally(new IOException("the connection is lost", e));
            }
        });
        return result;
    }

    private void sent(MqttClient by, AsyncResult<Integer> sent, CompletableFuture<Void> result) {
        if (sent.failed()) {
            result.completeExceptionally(new IOException(Failures.oneLine(sent.cause()), sent.cause()));
        } else if (client != by) {
            result.completeExceptionally(new IOException("the connection is lost"));
        } else if (early.remove(sent.result())) {
            result.complete(null);
        } else {
            waiting.put(sent.result(), result);
            watch(by, result);
        }
    }

    /** A broker that takes messages and acknowledges none is as good as away. */
    private void watch(MqttClient current, CompletableFuture<Void> message) {
        long timer = vertx.setTimer(PATIENCE.toMillis(), late -> {
            if (client == current && connected) {
                client = null;
                current.disconnect();
                lost();
                failed(new TimeoutException("no acknowledgement within " + PATIENCE.toSeconds() + " s"));
            }
        });
        message.whenComplete((done, failure) -> vertx.cancelTimer(timer));
    }

    /** Subscribes; what is refused is said in the log. */
    void subscribe(String... filters) {
        loop.runOnContext(now -> {
            if (!connected) {
                return;
            }
            Map<String, Integer> all = new LinkedHashMap<>();
            for (String filter : filters) {
                all.put(filter, 1);
            }
            client.subscribeCompletionHandler(answer -> {
                if (answer.grantedQoSLevels().contains(0x80)) {
                    LOG.warnf(
                            "%s: the broker does not let %s read its own topics: what is retained there from before,"
                                    + " is not cleared",
                            settings.name(), clientId);
                }
            });
            client.subscribe(all);
        });
    }

    /**
     * Says goodbye, and does not come back.
     *
     * @param last the payload of the will's topic from now on; null for none
     */
    void close(String last) {
        if (last != null && connected) {
            await(publish(will, last.getBytes(UTF_8), true));
        }
        CompletableFuture<Void> gone = new CompletableFuture<>();
        loop.runOnContext(now -> {
            closed = true;
            MqttClient current = client;
            client = null;
            if (connected) {
                lost();
            }
            if (current == null) {
                gone.complete(null);
            } else {
                current.disconnect().onComplete(end -> gone.complete(null));
            }
        });
        await(gone);
    }

    private static void await(CompletableFuture<Void> answer) {
        try {
            answer.get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("no answer to a goodbye", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
