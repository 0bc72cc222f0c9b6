package dev.rekindle;

import dev.rekindle.provider.Capability;

/** Thrown where a capability is asked for that the client does not have. */
public final class CapabilityNotAvailableException extends RekindleException {
    private static final long serialVersionUID = 1L;

    /**
     * The message begins with, for example, "Management features not available".
     *
     * @param capability what is missing
     * @param provider the {@linkplain dev.rekindle.provider.Provider#name() name} of the provider that lacks it
     */
    public CapabilityNotAvailableException(Class<? extends Capability> capability, String provider) {
        super(
                ErrorCode.CAPABILITY_NOT_AVAILABLE,
                "%s features not available: this client of '%s' has no %s. Use Client.discover(provider) with a provider that has it, or hand one over with Client.builder()."
                        .formatted(Capability.title(capability), provider, capability.getSimpleName()),
                true);
    }
}
