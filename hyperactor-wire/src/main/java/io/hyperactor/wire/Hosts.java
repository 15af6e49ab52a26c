package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// Host names and numeric addresses, told apart and brought into one form. Nothing is resolved.
final class Hosts {

    private static final int NAME_CHARS_MAX = 253;

    private Hosts() {}

    /// The canonical text of a numeric address (brackets dropped, IPv6 as RFC 5952 has it), a name
    /// as it is, or null for what is neither.
    static @Nullable String normalize(String host) {
        if (host.startsWith("[")) {
            return host.endsWith("]") ? Ipv6.normalize(host.substring(1, host.length() - 1)) : null;
        }
        if (host.indexOf(':') >= 0) {
            return Ipv6.normalize(host);
        }
        if (isNumeric(host)) {
            return Ipv6.parseIpv4(host) >= 0 ? host : null;
        }
        return isName(host) ? host : null;
    }

    /// Whether only an IPv4 address may look like this: the last label is a number, as in `10.1` or
    /// `1.2.3.256`.
    private static boolean isNumeric(String host) {
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        int label = host.lastIndexOf('.', end - 1) + 1;
        for (int i = label; i < end; i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return label < end;
    }

    private static boolean isName(String host) {
        char before = '.';
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.' ? before == '.' : !Names.isWordChar(c) && (c != '-' || before == '.')) {
                return false;
            }
            before = c;
        }
        return !host.isEmpty() && host.length() <= NAME_CHARS_MAX;
    }
}
