package io.hyperactor;

import java.util.ArrayList;
import java.util.List;

/// Reads trees of names written as `a(b c(d))`.
final class Family {
    private Family() {}

    static String name(String family) {
        int open = family.indexOf('(');
        return open < 0 ? family : family.substring(0, open);
    }

    static List<String> children(String family) {
        List<String> children = new ArrayList<>();
        int open = family.indexOf('(');
        if (open >= 0) {
            int depth = 0;
            int from = open + 1;
            for (int i = from; i < family.length(); i++) {
                char c = family.charAt(i);
                boolean last = i == family.length() - 1;
                if (depth == 0 && (c == ' ' || last)) {
                    children.add(family.substring(from, i));
                    from = i + 1;
                }
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
        }
        return children;
    }

    static int size(String family) {
        return 1 + children(family).stream().mapToInt(Family::size).sum();
    }
}
