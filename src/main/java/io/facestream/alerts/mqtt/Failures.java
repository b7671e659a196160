package io.facestream.alerts.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.vertx.mqtt.MqttConnectionException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why there is no connection, in one line that says what to do. */
final class Failures {
    private static final int LONGEST = 300;

    private Failures() {}

    static String oneLine(Throwable failure) {
        if (failure instanceof MqttConnectionException refused) {
            return refusal(refused.code());
        }
        Throwable cause = Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .filter(each -> each instanceof SSLException
                        || each instanceof ConnectException
                        || each instanceof UnknownHostException)
                .findFirst()
                .orElse(failure);
        if (cause instanceof SSLException) {
            return "TLS fails (authorities names the file of the certificates that the broker's is checked by): "
                    + text(root(cause));
        }
        if (cause instanceof ConnectException) {
            return "nobody listens there";
        }
        if (cause instanceof UnknownHostException) {
            return "there is no host of this name";
        }
        return text(cause);
    }

    private static String refusal(MqttConnectReturnCode code) {
        return switch (code) {
            case CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD -> "the broker refuses user or password (see secret)";
            case CONNECTION_REFUSED_NOT_AUTHORIZED ->
                "the broker refuses this user, password or client id (see secret" + " and client-id)";
            case CONNECTION_REFUSED_IDENTIFIER_REJECTED -> "the broker refuses the client id (see client-id)";
            case CONNECTION_REFUSED_SERVER_UNAVAILABLE -> "the broker is busy";
            case CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION -> "the broker does not speak MQTT 3.1.1";
            default -> "the broker refuses the connection: " + code;
        };
    }

    private static Throwable root(Throwable failure) {
        return Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .reduce((one, next) -> next)
                .orElse(failure);
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage() == null
                ? failure.getClass().getSimpleName()
                : failure.getMessage().replaceAll("\\s+", " ").strip();
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
    }
}
