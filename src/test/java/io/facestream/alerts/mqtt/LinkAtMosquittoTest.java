package io.facestream.alerts.mqtt;

/** The same with Mosquitto. */
class LinkAtMosquittoTest extends LinkTest {
    @Override
    MqttBroker broker() {
        return new Mosquitto();
    }
}
