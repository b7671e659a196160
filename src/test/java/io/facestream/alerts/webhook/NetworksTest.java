package io.facestream.alerts.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "127.0.0.1",
                "127.255.255.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.255.255",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "fec0::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "2002:a00:1::",
                "::10.0.0.1"
            })
    void privateNetworksAreReachedOnlyWhereTheyMayBe(String address) throws UnknownHostException {
        assertThat(refused(address, false, true)).isTrue();
        assertThat(refused(address, true, true)).isFalse();
        assertThat(refused(address, true, false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.7",
                "198.18.0.1", "::", "ff02::1", "2001:db8::1", "2001:0:a00:1::", "100::1", "::ffff:224.0.0.1",
                "2002:e000:1::"
            })
    void noServerIsWhereNoneCanBe(String address) throws UnknownHostException {
        assertThat(refused(address, false, true)).isTrue();
        assertThat(refused(address, true, true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "64:ff9b::101:101",
                "2002:101:101::",
                "2001:4860::8888"
            })
    void theRestOfTheWorldIsReachedByHttpsOnly(String address) throws UnknownHostException {
        assertThat(refused(address, false, true)).isFalse();
        assertThat(refused(address, true, true)).isFalse();
        assertThat(refused(address, true, false)).isTrue();
    }

    private static boolean refused(String address, boolean allowPrivate, boolean https) throws UnknownHostException {
        return Networks.refusal(InetAddress.getByName(address), allowPrivate, https)
                .isPresent();
    }
}
