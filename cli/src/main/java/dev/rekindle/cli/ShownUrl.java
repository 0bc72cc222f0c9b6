package dev.rekindle.cli;

import java.util.regex.Pattern;

/** How the URL of a store is shown: without what logs in. Stateless and thread-safe. */
public final class ShownUrl {
    private static final String HIDDEN = "…";

    /** All up to the last at-sign in front of the path. */
    private static final Pattern LOGIN = Pattern.compile("(?<=//)[^/?]*@");

    /** The values of parameters that are about users, passwords, keys. */
    private static final Pattern SECRET =
            Pattern.compile("(?<=[?&])([^=&]*(?:user|pass|key|secret|token)[^=&]*=)[^&]*", Pattern.CASE_INSENSITIVE);

    private ShownUrl() {}

    /** The URL of a store that was opened, fit to be shown. */
    public static String of(String url) {
        String withoutLogin = LOGIN.matcher(url).replaceFirst("");
        return SECRET.matcher(withoutLogin).replaceAll("$1" + HIDDEN);
    }
}
