package io.hyperactor.channel;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The subject alternative names of a certificate.
///
/// @param hosts host names
/// @param all these and numeric addresses
record PeerNames(Set<String> hosts, Set<String> all) {
    private static final int HOST = 2;
    private static final int ADDRESS = 7;

    static PeerNames of(X509Certificate certificate) throws CertificateParsingException {
        Set<String> hosts = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        Collection<List<?>> found = certificate.getSubjectAlternativeNames();
        for (List<?> name : found == null ? List.<List<?>>of() : found) {
            if (name.get(1) instanceof String text) {
                if (name.get(0).equals(HOST)) {
                    hosts.add(text);
                    all.add(text);
                } else if (name.get(0).equals(ADDRESS)) {
                    all.add(text);
                }
            }
        }
        return new PeerNames(Set.copyOf(hosts), Set.copyOf(all));
    }

    /// Is `host` one of these names, whatever its case and however an address is written, or what
    /// one with a wildcard as its first label stands for?
    static boolean cover(Set<String> names, String host) {
        return names.stream().anyMatch(name -> covers(name, host));
    }

    private static boolean covers(String name, String host) {
        if (isNumeric(name) || isNumeric(host)) {
            return isNumeric(name) && isNumeric(host) && isSame(name, host);
        }
        if (!name.startsWith("*.")) {
            return name.equalsIgnoreCase(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && name.substring(1).equalsIgnoreCase(host.substring(dot));
    }

    /// Nothing is looked up.
    private static boolean isSame(String address, String other) {
        try {
            return InetAddress.ofLiteral(address).equals(InetAddress.ofLiteral(other));
        } catch (IllegalArgumentException e) {
            return false; // one of them is none
        }
    }

    /// Is this an address and not a name?
    static boolean isNumeric(@Nullable String host) {
        return host != null
                && (host.indexOf(':') >= 0
                        || host.chars().allMatch(c -> c == '.' || Character.isDigit(c)));
    }
}
