package dev.rekindle.runtime;

import java.math.BigInteger;
import java.util.Comparator;

/**
 * Orders versions part by part, numbers as numbers, so that {@code 1.10} comes after {@code 1.9}. A word counts for less
 * than nothing, as in {@code 1.0-beta} before {@code 1.0}; a further number for more.
 */
final class VersionOrder implements Comparator<String> {
    @Override
    public int compare(String left, String right) {
        String[] a = left.split("[.\\-+_]", -1);
        String[] b = right.split("[.\\-+_]", -1);
        for (int i = 0; i < Math.max(a.length, b.length); i++) {
            int order = comparePart(i < a.length ? a[i] : "", i < b.length ? b[i] : "");
            if (order != 0) {
                return order;
            }
        }
        return left.compareTo(right);
    }

    private static int comparePart(String a, String b) {
        int kinds = Integer.compare(kind(a), kind(b));
        if (kinds != 0) {
            return kinds;
        }
        return isNumber(a) ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
    }

    private static int kind(String part) {
        return part.isEmpty() ? 1 : isNumber(part) ? 2 : 0;
    }

    private static boolean isNumber(String part) {
        return !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
