package dev.rekindle.provider;

/**
 * What a provider can do beyond running orchestrations. A capability is an interface that extends this one; whoever
 * wants it asks {@link Provider#capability(Class)} or {@code Client.capability(Class)}, and copes with its absence.
 */
public interface Capability {
    /**
     * What people call this capability, for example {@code Management}. Used in the message about its absence.
     *
     * @param type the capability's interface
     */
    static String title(Class<? extends Capability> type) {
        return type.getSimpleName().replaceFirst("Capability$", "");
    }
}
