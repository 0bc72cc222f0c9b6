package dev.rekindle.runtime;

import java.math.BigInteger;
import java.util.Comparator;

/** Orders versions part by part, numbers as numbers, so that {@code 1.10} comes after {@code 1.9}. */
final class VersionOrder implements Comparator<String> {
    @Override
    public int compare(String left, String right) {
        String[] a = left.split("[.\\-+_]", -1);
        String[] b = right.split("[.\\-+_]", -1);
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            int order = comparePart(a[i], b[i]);
            if (order != 0) {
                return order;
            }
        }
        return a.length != b.length ? Integer.compare(a.length, b.length) : left.compareTo(right);
    }

    private static int comparePart(String a, String b) {
        boolean aIsNumber = a.matches("\\d+");
        boolean bIsNumber = b.matches("\\d+");
        if (aIsNumber && bIsNumber) {
            return new BigInteger(a).compareTo(new BigInteger(b));
        }
        return aIsNumber != bIsNumber ? (aIsNumber ? 1 : -1) : a.compareTo(b);
    }
}
