package io.hyperactor.wire;

import org.jspecify.annotations.Nullable;

/// The text of an IPv6 address: RFC 4291 in, RFC 5952 out.
///
/// The JDK reads the same but prints all eight groups, and turns a mapped IPv4 address into IPv4.
final class Ipv6 {

    private static final int GROUPS = 8;

    /// Longer than the name of any interface. Without a bound the text of an id had none, and an
    /// envelope has 65,535 bytes for it.
    private static final int ZONE_CHARS_MAX = 63;

    private final String text;
    private final int end;
    private final int[] groups = new int[GROUPS];
    private int count;
    private int gapAt = -1;

    private Ipv6(String text, int end) {
        this.text = text;
        this.end = end;
    }

    /// The canonical form of `text`, which has no brackets but may have a zone (`fe80::1%eth0`), or
    /// null if it is no IPv6 address.
    static @Nullable String normalize(String text) {
        int zone = text.indexOf('%');
        if (zone >= 0 && !isZone(text, zone + 1)) {
            return null;
        }
        var address = new Ipv6(text, zone >= 0 ? zone : text.length());
        if (!address.parse()) {
            return null;
        }
        return zone >= 0 ? address.format() + text.substring(zone) : address.format();
    }

    private static boolean isZone(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Names.isWordChar(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return from < text.length() && text.length() - from <= ZONE_CHARS_MAX;
    }

    private boolean parse() {
        int i = 0;
        if (text.startsWith("::")) {
            gapAt = 0;
            i = 2;
        }
        while (i < end) {
            int next = group(i);
            if (next < 0) {
                return false;
            }
            if (next == end) {
                break;
            }
            if (text.charAt(next) != ':' || next + 1 == end) {
                return false;
            }
            i = next + 1;
            if (text.charAt(i) == ':') {
                if (gapAt >= 0) {
                    return false;
                }
                gapAt = count;
                i++;
            }
        }
        return gapAt >= 0 ? expandGap() : count == GROUPS;
    }

    /// Reads the group at `from`, or the IPv4 address that stands for the last two; returns where
    /// it ends or -1.
    private int group(int from) {
        int i = from;
        int value = 0;
        while (i < end
                && i - from < 5
                && Character.digit(text.charAt(i), 16) >= 0
                && text.charAt(i) < 0x80) {
            value = value << 4 | Character.digit(text.charAt(i++), 16);
        }
        if (i < end && text.charAt(i) == '.') {
            return add(parseIpv4(text.substring(from, end))) ? end : -1;
        }
        if (i == from || i - from > 4 || count == GROUPS) {
            return -1;
        }
        groups[count++] = value;
        return i;
    }

    private boolean add(long ipv4) {
        if (ipv4 < 0 || count > GROUPS - 2) {
            return false;
        }
        groups[count++] = (int) (ipv4 >> 16);
        groups[count++] = (int) (ipv4 & 0xFFFF);
        return true;
    }

    private boolean expandGap() {
        int after = count - gapAt;
        if (count == GROUPS) {
            return false; // `::` stands for at least one group
        }
        System.arraycopy(groups, gapAt, groups, GROUPS - after, after);
        for (int i = gapAt; i < GROUPS - after; i++) {
            groups[i] = 0;
        }
        return true;
    }

    private String format() {
        if (isMapped()) {
            return "::ffff:" + ipv4(groups[6], groups[7]);
        }
        int gap = longestZeros();
        int gapEnd = gap;
        while (gap >= 0 && gapEnd < GROUPS && groups[gapEnd] == 0) {
            gapEnd++;
        }
        var out = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                out.append("::");
                i = gapEnd - 1;
            } else {
                if (i > 0 && i != gapEnd) {
                    out.append(':');
                }
                out.append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    private boolean isMapped() {
        for (int i = 0; i < 5; i++) {
            if (groups[i] != 0) {
                return false;
            }
        }
        return groups[5] == 0xFFFF;
    }

    private static String ipv4(int high, int low) {
        return (high >> 8) + "." + (high & 0xFF) + "." + (low >> 8) + "." + (low & 0xFF);
    }

    /// Where the longest run of at least two zero groups starts, the first of equals; -1 if there
    /// is none.
    private int longestZeros() {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int from = i;
            while (i < GROUPS && groups[i] == 0) {
                i++;
            }
            if (i - from > bestLength) {
                best = from;
                bestLength = i - from;
            }
        }
        return best;
    }

    /// The 32 bits of four decimal numbers of 0 to 255 without leading zeros, or -1.
    static long parseIpv4(String text) {
        long bits = 0;
        int numbers = 0;
        int i = 0;
        while (true) {
            int from = i;
            int value = 0;
            while (i < text.length()
                    && i - from < 4
                    && text.charAt(i) >= '0'
                    && text.charAt(i) <= '9') {
                value = value * 10 + text.charAt(i++) - '0';
            }
            if (i == from || value > 255 || (text.charAt(from) == '0' && i - from > 1)) {
                return -1;
            }
            bits = bits << 8 | value;
            numbers++;
            if (i == text.length()) {
                return numbers == 4 ? bits : -1;
            }
            if (text.charAt(i++) != '.' || numbers == 4) {
                return -1;
            }
        }
    }
}
