package io.hyperactor.channel;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whom this process believes: who has a certificate of one of its authorities, made for what it is
/// used for, now, and with names.
///
/// The JDK checks the path, the times, the usage and, for who dials, that the dialled host is among
/// the names. Two things it lets through are refused here: the certificate of an authority itself,
/// and a host that is named in the old way only, outside the subject alternative names.
final class PeerTrust extends X509ExtendedTrustManager {
    /// What the JDK calls the kind of key of TLS 1.3, where it says nothing.
    private static final String ANY_TYPE = "UNKNOWN";

    private final X509ExtendedTrustManager paths;

    private PeerTrust(X509ExtendedTrustManager paths) {
        this.paths = paths;
    }

    static PeerTrust of(List<X509Certificate> authorities) throws GeneralSecurityException {
        Set<TrustAnchor> anchors =
                authorities.stream()
                        .map(authority -> new TrustAnchor(authority, null))
                        .collect(Collectors.toSet());
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager paths) {
                return new PeerTrust(paths);
            }
        }
        throw new GeneralSecurityException("this Java checks no certificate paths");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        paths.checkClientTrusted(chain, type, engine);
        checkOwner(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        PeerNames names = checkOwner(chain[0]);
        if (names.hosts().isEmpty() && !PeerNames.isNumeric(engine.getPeerHost())) {
            throw new CertificateException("the certificate names no host");
        }
        paths.checkServerTrusted(chain, type, engine);
    }

    /// Fails if a peer who has shown `chain`, and was believed then, would not be now. It is looked
    /// at as in a handshake, where certificates need be neither in order nor without others.
    ///
    /// @param dialled whether the peer is who was dialled
    void check(List<X509Certificate> chain, boolean dialled) throws CertificateException {
        X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
        PeerNames _ = checkOwner(shown[0]);
        if (dialled) {
            paths.checkServerTrusted(shown, ANY_TYPE);
        } else {
            paths.checkClientTrusted(shown, ANY_TYPE);
        }
    }

    private static PeerNames checkOwner(X509Certificate certificate) throws CertificateException {
        if (certificate.getBasicConstraints() >= 0) {
            throw new CertificateException("the certificate is an authority's own");
        }
        PeerNames names = PeerNames.of(certificate);
        if (names.all().isEmpty()) {
            throw new CertificateException("the certificate has no subject alternative name");
        }
        return names;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw engineOnly();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw engineOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw engineOnly();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw engineOnly();
    }

    private static CertificateException engineOnly() {
        return new CertificateException("only an engine knows who was dialled");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return paths.getAcceptedIssuers();
    }
}
