package dev.rekindle.console;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a console is reached and what it may do. Immutable; changed by the methods that return a copy.
 *
 * @param host the name or address to listen on
 * @param port the port to listen on; 0 for any that is free
 * @param token what whoever comes has to know; null lets everybody in who reaches it, on loopback only
 * @param readOnly whether changes are refused
 * @param hostNames the names, beside {@code localhost}, the host and any address, by which browsers may call it
 * @param redactor decides what is shown of payloads
 * @param audit takes down each change
 */
public record ConsoleOptions(
        String host,
        int port,
        @Nullable String token,
        boolean readOnly,
        Set<String> hostNames,
        Redactor redactor,
        Audit audit) {
    /** The port unless another one is given: {@value}. */
    public static final int DEFAULT_PORT = 7077;

    /** The fewest characters of a token: {@value}. */
    public static final int TOKEN_CHARS = 16;

    /** On loopback, without a token, showing everything, allowing everything. */
    public static final ConsoleOptions DEFAULT =
            new ConsoleOptions("127.0.0.1", DEFAULT_PORT, null, false, Set.of(), Redactor.NONE, Audit.LOG);

    /**
     * Checks the token and the port.
     *
     * @throws RekindleException {@code INVALID_ARGUMENT}
     */
    public ConsoleOptions {
        hostNames = Set.copyOf(hostNames);
        if (port < 0 || port > 65_535) {
            throw invalid("port out of range: '%d'; expected 0 to 65535.".formatted(port));
        }
        if (token != null && (token.length() < TOKEN_CHARS || token.chars().anyMatch(c -> c <= ' ' || c > '~'))) {
            throw invalid("console token too weak: %d characters; expected at least %d, all of them printable ASCII. %s"
                    .formatted(token.length(), TOKEN_CHARS, "Make one with 'openssl rand -hex 24'."));
        }
    }

    /** Listening on this name or address. */
    public ConsoleOptions withHost(String name) {
        return new ConsoleOptions(name, port, token, readOnly, hostNames, redactor, audit);
    }

    /** Listening on this port; 0 for any that is free. */
    public ConsoleOptions withPort(int number) {
        return new ConsoleOptions(host, number, token, readOnly, hostNames, redactor, audit);
    }

    /** Asking for this token. */
    public ConsoleOptions withToken(@Nullable String secret) {
        return new ConsoleOptions(host, port, secret, readOnly, hostNames, redactor, audit);
    }

    /** Refusing changes, or allowing them. */
    public ConsoleOptions withReadOnly(boolean on) {
        return new ConsoleOptions(host, port, token, on, hostNames, redactor, audit);
    }

    /** Answering to these names too, as behind a proxy. */
    public ConsoleOptions withHostNames(Set<String> names) {
        return new ConsoleOptions(host, port, token, readOnly, names, redactor, audit);
    }

    /** Showing of payloads what this decides. */
    public ConsoleOptions withRedactor(Redactor decides) {
        return new ConsoleOptions(host, port, token, readOnly, hostNames, decides, audit);
    }

    /** Telling this of each change. */
    public ConsoleOptions withAudit(Audit told) {
        return new ConsoleOptions(host, port, token, readOnly, hostNames, redactor, told);
    }

    /** Only this machine reaches a loopback address; all others have to know a token. */
    void checkSafe() {
        try {
            if (token == null && !InetAddress.getByName(host).isLoopbackAddress()) {
                throw invalid(
                        "console without a token: '%s'; expected a loopback address or a token, as other machines reach this one. Give it a token, or listen on 127.0.0.1."
                                .formatted(host));
            }
        } catch (UnknownHostException e) {
            throw invalid("unknown host: '%s'; expected a name or address of this machine.".formatted(host));
        }
    }

    private static RekindleException invalid(String text) {
        return new RekindleException(ErrorCode.INVALID_ARGUMENT, text);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "ConsoleOptions[%s:%d%s%s]"
                .formatted(host, port, token == null ? "" : ", with a token", readOnly ? ", read-only" : "");
    }
}
