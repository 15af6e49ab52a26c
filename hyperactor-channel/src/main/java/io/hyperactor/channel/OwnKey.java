package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// The one key of this process, whoever asks: a peer that wants another refuses it, and says so.
final class OwnKey extends X509ExtendedKeyManager {
    private static final String NAME = "own";

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final String algorithm;

    OwnKey(List<X509Certificate> chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
        this.algorithm = chain.getFirst().getPublicKey().getAlgorithm();
    }

    private @Nullable String nameIf(String... algorithms) {
        return List.of(algorithms).contains(algorithm) ? NAME : null;
    }

    private String[] namesIf(String wanted) {
        return wanted.equals(algorithm) ? new String[] {NAME} : new String[0];
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] algorithms, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return nameIf(algorithms);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String wanted, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return nameIf(wanted);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] algorithms, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return nameIf(algorithms);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String wanted, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return nameIf(wanted);
    }

    @Override
    public String[] getClientAliases(String wanted, Principal @Nullable [] issuers) {
        return namesIf(wanted);
    }

    @Override
    public String[] getServerAliases(String wanted, Principal @Nullable [] issuers) {
        return namesIf(wanted);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }
}
