#!/usr/bin/env bash
# What:      io.netty:netty-codec-mqtt 4.1.133.Final, MqttDecoder with its default limit of 8,092 bytes, and
#            4.1.136.Final for comparison. Quarkus 3.33.2 and Vert.x 4.5.27 bring 4.1.133.Final.
# Guess:     where TCP ends a read does not matter: a PUBLISH of 30 bytes that comes in two reads is decoded as one that
#            comes in one.
# Behaviour: if the first read ends within the topic's name, the message is refused: "message length exceeds 8092: 28".
#            The decoder takes Integer.MAX_VALUE for the number of bytes that it has, and so every message whose header
#            is not complete yet for one that is too long. 4.1.136.Final decodes it.
# Matters:   a client or broker loses its connection as soon as enough messages come at once to fill a read, such as the
#            retained messages after a subscription. With few messages, as in most tests, all is well.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > Split.java <<'JAVA'
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.*;

class Split {
    public static void main(String[] args) {
        EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
        encoder.writeOutbound(MqttMessageBuilders.publish()
                .topicName("home/lobby/present").qos(MqttQoS.AT_LEAST_ONCE).messageId(1)
                .payload(Unpooled.copiedBuffer("ON!!!!".getBytes())).build());
        ByteBuf whole = encoder.readOutbound();
        System.out.println("in one read:  " + read(whole.copy()));
        System.out.println("in two reads: " + read(whole.copy(0, 10), whole.copy(10, whole.readableBytes() - 10)));
    }

    static String read(ByteBuf... reads) {
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder());
        for (ByteBuf each : reads) {
            channel.writeInbound(each);
        }
        MqttMessage message = channel.readInbound();
        return message.decoderResult().isSuccess()
                ? message.fixedHeader().messageType() + " to "
                        + ((MqttPublishMessage) message).variableHeader().topicName()
                : message.decoderResult().cause().toString();
    }
}
JAVA

run() {
    mkdir "$1"
    cat > "$1/pom.xml" <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.netty</groupId><artifactId>netty-codec-mqtt</artifactId><version>$1</version></dependency>
  </dependencies>
</project>
POM
    (cd "$1" && mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath)
    java -cp "$(cat "$1/classpath")" Split.java 2> /dev/null | tee "$1/output"
}

echo "netty-codec-mqtt 4.1.133.Final"
run 4.1.133.Final
echo "netty-codec-mqtt 4.1.136.Final"
run 4.1.136.Final
echo "guess: all four lines are a PUBLISH to home/lobby/present"

for version in 4.1.133.Final 4.1.136.Final; do
    grep -q "in one read:  PUBLISH to home/lobby/present" "$version/output"
done
grep -q "in two reads: io.netty.handler.codec.TooLongFrameException: message length exceeds 8092: 28" 4.1.133.Final/output
grep -q "in two reads: PUBLISH to home/lobby/present" 4.1.136.Final/output
echo "as described: 4.1.133.Final refuses a message of 30 bytes as longer than 8,092 because it came in two reads"
