package io.facestream.alerts.mqtt;

/** The same at the broker that most homes have. */
class HomeAssistantAtMosquittoTest extends HomeAssistantTest {
    @Override
    MqttBroker broker() {
        return new Mosquitto();
    }
}
