package io.hyperactor.channel;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/// What was read from the files of a [TlsIdentity], ready for use. Does not change.
final class TlsContext {
    private static final String VERSION = "TLSv1.3";

    private final OwnKey key;
    private final PeerTrust trust;

    private TlsContext(OwnKey key, PeerTrust trust) {
        this.key = key;
        this.trust = trust;
    }

    /// Fails, naming the file, if any of it is of no use.
    static TlsContext of(IdentityFiles files, TlsIdentity identity) throws IOException {
        List<X509Certificate> chain =
                Pem.certificates(files.certificates(), identity.certificates());
        X509Certificate own = chain.getFirst();
        PrivateKey key = Pem.key(files.key(), own.getPublicKey().getAlgorithm(), identity.key());
        checkPair(own, key, identity.key());
        List<X509Certificate> authorities =
                Pem.certificates(files.authorities(), identity.authorities());
        try {
            return new TlsContext(new OwnKey(chain, key), PeerTrust.of(authorities));
        } catch (GeneralSecurityException e) {
            throw new IOException("no use of the authorities in " + identity.authorities(), e);
        }
    }

    /// So that files of which one is new and one old are noticed before a peer does.
    private static void checkPair(X509Certificate certificate, PrivateKey key, Path file)
            throws IOException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default ->
                            throw new IOException(
                                    file
                                            + " holds a key of "
                                            + key.getAlgorithm()
                                            + ", not EC or RSA");
                };
        byte[] text = certificate.getSerialNumber().toByteArray();
        boolean pair;
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            pair = signature.verify(signed);
        } catch (GeneralSecurityException e) { // its cause may hold what it could not use
            pair = false;
        }
        if (!pair) {
            throw new IOException("the key " + file + " is not that of the certificate");
        }
    }

    /// Fails if who has shown `chain` would not be believed now.
    ///
    /// @param dialled whether that is who was dialled
    void check(List<X509Certificate> chain, boolean dialled) throws GeneralSecurityException {
        trust.check(chain, dialled);
    }

    /// An engine for who was dialled.
    SSLEngine server() throws IOException {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        parameters.setNeedClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// An engine for who dials.
    SSLEngine client(String host, int port) throws IOException {
        SSLEngine engine = context().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {VERSION});
        return parameters;
    }

    /// One for each connection: in a shared one sessions are resumed, and then nobody looks at
    /// certificates, which may have expired or been replaced.
    private SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(new KeyManager[] {key}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java has no " + VERSION, e);
        }
    }
}
