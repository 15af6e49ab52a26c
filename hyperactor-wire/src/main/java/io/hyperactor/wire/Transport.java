package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// How the bytes of a channel travel. An address can name every transport; which ones can be served
/// is the channel module's to say.
public enum Transport {
    /// Within this process.
    LOCAL("local", 0),
    /// Unix domain stream sockets.
    UNIX("unix", 1),
    /// Plain TCP.
    TCP("tcp", 2),
    /// TLS over TCP, with certificates of the user's choice.
    TLS("tls", 3),
    /// TLS over TCP, with certificates of the environment.
    METATLS("metatls", 4),
    /// QUIC, with certificates of the user's choice.
    QUIC("quic", 5),
    /// QUIC, with certificates of the environment.
    METAQUIC("metaquic", 6);

    private static final Transport[] ALL = values();

    /// The tag of an alias, which is no transport of its own.
    static final int ALIAS_TAG = 7;

    private final String scheme;
    private final int tag;

    Transport(String scheme, int tag) {
        this.scheme = scheme;
        this.tag = tag;
    }

    /// What an address of this transport starts with, for example `tcp`.
    public String scheme() {
        return scheme;
    }

    /// Whether its addresses are a host and a port.
    public boolean isNetwork() {
        return this != LOCAL && this != UNIX;
    }

    /// What stands for it in the bytes of an address; never to be changed.
    int tag() {
        return tag;
    }

    static @Nullable Transport ofTag(int tag) {
        return tag >= 0 && tag < ALL.length ? ALL[tag] : null;
    }

    static @Nullable Transport ofScheme(String scheme) {
        for (var transport : ALL) {
            if (transport.scheme.equals(scheme)) {
                return transport;
            }
        }
        return null;
    }
}
