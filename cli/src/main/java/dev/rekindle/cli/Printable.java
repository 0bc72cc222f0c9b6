package dev.rekindle.cli;

/** Text from elsewhere, made fit for one line of a terminal. */
public final class Printable {
    private Printable() {}

    /** The text with its control characters written out, so that it neither breaks the line nor commands the terminal. */
    public static String text(String any) {
        StringBuilder printable = new StringBuilder(any.length());
        any.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> printable.append("\\n");
                case '\r' -> printable.append("\\r");
                case '\t' -> printable.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                        printable.append("\\u%04x".formatted(c));
                    } else {
                        printable.appendCodePoint(c);
                    }
                }
            }
        });
        return printable.toString();
    }

    /** A size for people. */
    public static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB", "PB", "EB"};
        double size = bytes;
        int unit = -1;
        do {
            size /= 1_000;
            unit++;
        } while (size >= 999.95 && unit < units.length - 1);
        return "%.1f %s".formatted(size, units[unit]);
    }
}
